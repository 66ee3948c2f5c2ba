<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>Error</name>
    <message>
        <source>another_dataset</source>
        <translation>이 데이터셋으로 학습한 모델이 아닙니다.</translation>
    </message>
    <message>
        <source>another_file</source>
        <translation>찾는 파일과 내용이 다릅니다.</translation>
    </message>
    <message>
        <source>another_training</source>
        <translation>이 폴더에는 설정이 다른 학습이 들어 있습니다.</translation>
    </message>
    <message>
        <source>bad_checkpoint</source>
        <translation>체크포인트가 손상되어 학습을 이어 갈 수 없습니다.</translation>
    </message>
    <message>
        <source>bad_curve</source>
        <translation>피치 곡선 파일을 읽을 수 없습니다.</translation>
    </message>
    <message>
        <source>bad_mirror</source>
        <translation>미러 주소가 올바르지 않습니다.</translation>
    </message>
    <message>
        <source>bad_settings</source>
        <translation>설정값이 서로 맞지 않습니다.</translation>
    </message>
    <message>
        <source>broken_library</source>
        <translation>보관함이 손상되었거나 보관함이 아닙니다.</translation>
    </message>
    <message>
        <source>busy</source>
        <translation>다른 프로그램이 이 폴더에서 학습하고 있습니다.</translation>
    </message>
    <message>
        <source>damaged_asset</source>
        <translation>사전 학습 파일이 손상되었습니다.</translation>
    </message>
    <message>
        <source>damaged_audio</source>
        <translation>녹음 파일이 손상되어 끝까지 읽을 수 없습니다.</translation>
    </message>
    <message>
        <source>damaged_base</source>
        <translation>베이스가 손상되었거나 베이스가 아닙니다.</translation>
    </message>
    <message>
        <source>damaged_dataset</source>
        <translation>준비된 데이터셋이 완전하지 않습니다.</translation>
    </message>
    <message>
        <source>damaged_download</source>
        <translation>내려받은 파일이 손상되었습니다.</translation>
    </message>
    <message>
        <source>damaged_index</source>
        <translation>검색 인덱스가 손상되었습니다.</translation>
    </message>
    <message>
        <source>damaged_job</source>
        <translation>작업 폴더를 읽을 수 없습니다.</translation>
    </message>
    <message>
        <source>damaged_model</source>
        <translation>모델이 손상되었습니다.</translation>
    </message>
    <message>
        <source>damaged_take</source>
        <translation>녹음이 없거나 손상되었습니다.</translation>
    </message>
    <message>
        <source>damaged_voice</source>
        <translation>목소리 파일이 손상되었습니다.</translation>
    </message>
    <message>
        <source>disk_full</source>
        <translation>디스크에 공간이 없습니다.</translation>
    </message>
    <message>
        <source>download_failed</source>
        <translation>파일을 내려받지 못했습니다.</translation>
    </message>
    <message>
        <source>empty_audio</source>
        <translation>녹음에 소리가 없습니다.</translation>
    </message>
    <message>
        <source>empty_dataset</source>
        <translation>사용할 수 있는 녹음이 없습니다.</translation>
    </message>
    <message>
        <source>engine_died</source>
        <translation>엔진이 예기치 않게 종료되었습니다.</translation>
    </message>
    <message>
        <source>engine_ended</source>
        <translation>엔진이 예기치 않게 종료되었습니다.</translation>
    </message>
    <message>
        <source>engine_missing</source>
        <translation>엔진을 시작할 수 없습니다.</translation>
    </message>
    <message>
        <source>no_engine</source>
        <translation>이 컴퓨터에는 엔진이 설치되어 있지 않습니다.</translation>
    </message>
    <message>
        <source>hostile_archive</source>
        <translation>안전하지 않은 파일이라 열지 않았습니다.</translation>
    </message>
    <message>
        <source>hostile_model</source>
        <translation>안전하지 않은 모델이라 열지 않았습니다. 가중치 외의 내용이 들어 있습니다.</translation>
    </message>
    <message>
        <source>index_too_large</source>
        <translation>검색 인덱스가 지나치게 큽니다.</translation>
    </message>
    <message>
        <source>inside_library</source>
        <translation>두 폴더 중 하나가 다른 하나의 안에 있습니다.</translation>
    </message>
    <message>
        <source>licence_not_accepted</source>
        <translation>라이선스에 동의하기 전에는 받지 않습니다.</translation>
    </message>
    <message>
        <source>missing_asset</source>
        <translation>필요한 사전 학습 파일이 없습니다.</translation>
    </message>
    <message>
        <source>missing_base</source>
        <translation>베이스 파일을 읽을 수 없습니다.</translation>
    </message>
    <message>
        <source>missing_extra</source>
        <translation>필요한 추가 기능이 설치되어 있지 않습니다.</translation>
    </message>
    <message>
        <source>missing_file</source>
        <translation>파일이 없습니다.</translation>
    </message>
    <message>
        <source>missing_input</source>
        <translation>작업에 필요한 입력이 없습니다.</translation>
    </message>
    <message>
        <source>missing_path</source>
        <translation>폴더나 파일이 없습니다.</translation>
    </message>
    <message>
        <source>missing_resource</source>
        <translation>프로그램 파일이 없습니다.</translation>
    </message>
    <message>
        <source>model_too_large</source>
        <translation>모델 파일이 지나치게 큽니다.</translation>
    </message>
    <message>
        <source>nan_loss</source>
        <translation>학습이 불안정해져 멈췄습니다.</translation>
    </message>
    <message>
        <source>nan_weights</source>
        <translation>모델에 올바르지 않은 값이 있어 저장하지 않았습니다.</translation>
    </message>
    <message>
        <source>newer_database</source>
        <translation>더 새로운 버전이 만든 작업 목록입니다.</translation>
    </message>
    <message>
        <source>newer_dataset</source>
        <translation>더 새로운 버전이 준비한 데이터셋입니다.</translation>
    </message>
    <message>
        <source>newer_library</source>
        <translation>더 새로운 버전의 RVC Studio가 만든 보관함입니다.</translation>
    </message>
    <message>
        <source>newer_model</source>
        <translation>더 새로운 버전의 RVC Studio가 만든 모델입니다.</translation>
    </message>
    <message>
        <source>newer_spec</source>
        <translation>더 새로운 버전이 만든 작업입니다.</translation>
    </message>
    <message>
        <source>newer_voice</source>
        <translation>더 새로운 버전이 내보낸 목소리입니다.</translation>
    </message>
    <message>
        <source>no_voice_file</source>
        <translation>RVC Studio의 목소리 파일이 아니거나 손상되었습니다.</translation>
    </message>
    <message>
        <source>no_device</source>
        <translation>그런 장치가 없습니다.</translation>
    </message>
    <message>
        <source>no_discriminator</source>
        <translation>이 구조는 판별기 없이 학습합니다.</translation>
    </message>
    <message>
        <source>no_index</source>
        <translation>모델 옆에 인덱스가 없습니다.</translation>
    </message>
    <message>
        <source>no_model</source>
        <translation>그곳에 모델이 없습니다.</translation>
    </message>
    <message>
        <source>no_name</source>
        <translation>이름이 없습니다.</translation>
    </message>
    <message>
        <source>no_recordings</source>
        <translation>녹음이 없습니다.</translation>
    </message>
    <message>
        <source>no_speech</source>
        <translation>녹음에서 말소리를 찾지 못했습니다.</translation>
    </message>
    <message>
        <source>no_usual_pitch</source>
        <translation>이 목소리의 평소 음높이를 알 수 없습니다.</translation>
    </message>
    <message>
        <source>not_a_base</source>
        <translation>학습에만 필요한 부분이 빠진 완성된 모델입니다.</translation>
    </message>
    <message>
        <source>not_a_folder</source>
        <translation>폴더가 있어야 할 곳에 파일이 있습니다.</translation>
    </message>
    <message>
        <source>not_a_voice</source>
        <translation>RVC 모델이 아닙니다.</translation>
    </message>
    <message>
        <source>not_an_index</source>
        <translation>사용할 수 있는 검색 인덱스가 아닙니다.</translation>
    </message>
    <message>
        <source>not_audio</source>
        <translation>읽을 수 없는 소리 파일입니다.</translation>
    </message>
    <message>
        <source>not_blendable</source>
        <translation>서로 다른 구조라 섞을 수 없는 모델입니다.</translation>
    </message>
    <message>
        <source>not_copied</source>
        <translation>보관함을 복사하지 못했습니다.</translation>
    </message>
    <message>
        <source>not_empty</source>
        <translation>폴더가 비어 있지 않습니다.</translation>
    </message>
    <message>
        <source>not_exportable</source>
        <translation>이 모델은 이 형식으로 내보낼 수 없습니다.</translation>
    </message>
    <message>
        <source>not_finite</source>
        <translation>녹음에 올바르지 않은 값이 있습니다.</translation>
    </message>
    <message>
        <source>not_prepared</source>
        <translation>준비된 데이터셋이 아닙니다.</translation>
    </message>
    <message>
        <source>not_readable</source>
        <translation>읽을 수 없습니다.</translation>
    </message>
    <message>
        <source>not_writable</source>
        <translation>쓸 수 없는 곳입니다.</translation>
    </message>
    <message>
        <source>nothing_to_finish</source>
        <translation>지금은 학습 중이 아니어서 일찍 끝낼 것이 없습니다.</translation>
    </message>
    <message>
        <source>odd_rate</source>
        <translation>말소리에 쓰이지 않는 샘플레이트입니다.</translation>
    </message>
    <message>
        <source>onnx_differs</source>
        <translation>ONNX로 바꾸면 소리가 달라져 저장하지 않았습니다.</translation>
    </message>
    <message>
        <source>other_layout</source>
        <translation>알려진 RVC 모델의 구조가 아닙니다.</translation>
    </message>
    <message>
        <source>other_version</source>
        <translation>지원하지 않는 RVC 버전입니다.</translation>
    </message>
    <message>
        <source>other_vocoder</source>
        <translation>지원하지 않는 보코더를 쓰는 모델입니다.</translation>
    </message>
    <message>
        <source>out_of_memory</source>
        <translation>메모리가 부족합니다.</translation>
    </message>
    <message>
        <source>queue_busy</source>
        <translation>다른 프로그램이 작업 목록을 쓰고 있습니다.</translation>
    </message>
    <message>
        <source>quota_exceeded</source>
        <translation>작업이 쓸 수 있는 공간을 모두 썼습니다.</translation>
    </message>
    <message>
        <source>rank_died</source>
        <translation>학습 프로세스 하나가 종료되어 학습이 멈췄습니다.</translation>
    </message>
    <message>
        <source>rvc_v1</source>
        <translation>RVC v1 모델을 쓰려면 ContentVec이 필요합니다.</translation>
    </message>
    <message>
        <source>several_models</source>
        <translation>폴더에 모델이 여러 개 있습니다.</translation>
    </message>
    <message>
        <source>some_failed</source>
        <translation>일부 녹음을 변환하지 못했습니다.</translation>
    </message>
    <message>
        <source>too_large</source>
        <translation>입력이 너무 큽니다.</translation>
    </message>
    <message>
        <source>too_many_jobs</source>
        <translation>작업이 너무 많습니다.</translation>
    </message>
    <message>
        <source>too_short</source>
        <translation>말소리가 너무 짧습니다.</translation>
    </message>
    <message>
        <source>unknown_architecture</source>
        <translation>알 수 없는 구조의 모델입니다.</translation>
    </message>
    <message>
        <source>unknown_conversion</source>
        <translation>보관함에 없는 변환 결과입니다.</translation>
    </message>
    <message>
        <source>unknown_file</source>
        <translation>RVC Studio가 아는 파일이 아닙니다.</translation>
    </message>
    <message>
        <source>unknown_format</source>
        <translation>쓸 수 없는 소리 형식입니다.</translation>
    </message>
    <message>
        <source>unknown_job</source>
        <translation>그런 작업이 없습니다.</translation>
    </message>
    <message>
        <source>unknown_model</source>
        <translation>보관함에 없는 모델입니다.</translation>
    </message>
    <message>
        <source>unknown_speaker</source>
        <translation>모델에 그런 화자가 없습니다.</translation>
    </message>
    <message>
        <source>unknown_take</source>
        <translation>보관함에 없는 녹음입니다.</translation>
    </message>
    <message>
        <source>unknown_voice</source>
        <translation>보관함에 없는 목소리입니다.</translation>
    </message>
    <message>
        <source>write_failed</source>
        <translation>파일을 쓴 뒤 다시 읽지 못했습니다.</translation>
    </message>
    <message>
        <source>wrong_base</source>
        <translation>베이스와 데이터셋의 샘플레이트나 특징이 다릅니다.</translation>
    </message>
    <message>
        <source>wrong_encoder</source>
        <translation>모델이 다른 인코더의 특징으로 학습되었습니다.</translation>
    </message>
    <message>
        <source>wrong_index</source>
        <translation>인덱스가 이 모델과 맞지 않습니다.</translation>
    </message>
    <message>
        <source>wrong_rate</source>
        <translation>그 샘플레이트의 모델은 없습니다.</translation>
    </message>
    <message>
        <source>wrong_state</source>
        <translation>지금 상태에서는 할 수 없는 일입니다.</translation>
    </message>
    <message>
        <source>wrong_weights</source>
        <translation>모델의 가중치가 설명과 맞지 않습니다.</translation>
    </message>
    <message>
        <source>agent_unreachable</source>
        <translation>다른 컴퓨터에 연결할 수 없습니다.</translation>
    </message>
</context>
<context>
    <name>Error.hint</name>
    <message>
        <source>another_file</source>
        <translation>올바른 파일인지 확인하세요.</translation>
    </message>
    <message>
        <source>another_training</source>
        <translation>다른 폴더를 선택하세요.</translation>
    </message>
    <message>
        <source>bad_checkpoint</source>
        <translation>새로 학습을 시작하세요.</translation>
    </message>
    <message>
        <source>bad_curve</source>
        <translation>파일의 형식을 확인하세요.</translation>
    </message>
    <message>
        <source>bad_mirror</source>
        <translation>https:// 로 시작하는 주소를 입력하세요.</translation>
    </message>
    <message>
        <source>bad_settings</source>
        <translation>고급 설정을 확인하세요.</translation>
    </message>
    <message>
        <source>broken_library</source>
        <translation>다른 보관함 폴더를 고르거나 백업에서 복원하세요.</translation>
    </message>
    <message>
        <source>busy</source>
        <translation>끝날 때까지 기다리세요.</translation>
    </message>
    <message>
        <source>damaged_asset</source>
        <translation>파일을 지우고 다시 내려받으세요.</translation>
    </message>
    <message>
        <source>damaged_audio</source>
        <translation>파일을 다시 만들거나 복사하세요.</translation>
    </message>
    <message>
        <source>damaged_base</source>
        <translation>다시 내려받으세요.</translation>
    </message>
    <message>
        <source>damaged_dataset</source>
        <translation>다시 준비하세요.</translation>
    </message>
    <message>
        <source>damaged_download</source>
        <translation>다시 내려받으세요.</translation>
    </message>
    <message>
        <source>damaged_index</source>
        <translation>인덱스 없이 쓰거나 다시 만드세요.</translation>
    </message>
    <message>
        <source>damaged_job</source>
        <translation>작업을 삭제하고 다시 시작하세요.</translation>
    </message>
    <message>
        <source>damaged_model</source>
        <translation>파일을 다시 구하거나 복사하세요.</translation>
    </message>
    <message>
        <source>damaged_take</source>
        <translation>그 녹음을 제외하거나 삭제하세요.</translation>
    </message>
    <message>
        <source>damaged_voice</source>
        <translation>다시 내보내거나 복사하세요.</translation>
    </message>
    <message>
        <source>disk_full</source>
        <translation>공간을 확보한 뒤 다시 시도하세요.</translation>
    </message>
    <message>
        <source>download_failed</source>
        <translation>네트워크를 확인하고 다시 시도하거나, 설정에서 미러를 지정하거나, 가지고 있는 파일을 사용하세요.</translation>
    </message>
    <message>
        <source>empty_audio</source>
        <translation>다른 파일을 선택하세요.</translation>
    </message>
    <message>
        <source>empty_dataset</source>
        <translation>녹음을 더하거나 제외한 녹음을 다시 사용하세요.</translation>
    </message>
    <message>
        <source>engine_died</source>
        <translation>다시 시도하세요. 되풀이되면 진단 정보를 복사해 신고해 주세요.</translation>
    </message>
    <message>
        <source>engine_ended</source>
        <translation>다시 시도하세요. 되풀이되면 진단 정보를 복사해 신고해 주세요.</translation>
    </message>
    <message>
        <source>engine_missing</source>
        <translation>RVC Studio를 다시 설치하세요.</translation>
    </message>
    <message>
        <source>no_engine</source>
        <translation>엔진을 설치하거나 다른 컴퓨터를 사용하세요.</translation>
    </message>
    <message>
        <source>hostile_archive</source>
        <translation>만든 사람에게 다른 파일을 부탁하세요.</translation>
    </message>
    <message>
        <source>hostile_model</source>
        <translation>다른 곳에서 구한 파일을 사용하세요.</translation>
    </message>
    <message>
        <source>index_too_large</source>
        <translation>인덱스 없이 사용하세요.</translation>
    </message>
    <message>
        <source>inside_library</source>
        <translation>다른 폴더를 선택하세요.</translation>
    </message>
    <message>
        <source>licence_not_accepted</source>
        <translation>라이선스를 읽고 동의해 주세요.</translation>
    </message>
    <message>
        <source>missing_asset</source>
        <translation>설정에서 사전 학습 파일을 내려받으세요.</translation>
    </message>
    <message>
        <source>missing_base</source>
        <translation>다시 내려받으세요.</translation>
    </message>
    <message>
        <source>missing_extra</source>
        <translation>추가 기능을 설치하세요.</translation>
    </message>
    <message>
        <source>missing_file</source>
        <translation>파일이 옮겨졌는지 확인하세요.</translation>
    </message>
    <message>
        <source>missing_input</source>
        <translation>입력을 추가하세요.</translation>
    </message>
    <message>
        <source>missing_path</source>
        <translation>옮겨졌는지 확인하세요.</translation>
    </message>
    <message>
        <source>missing_resource</source>
        <translation>RVC Studio를 다시 설치하세요.</translation>
    </message>
    <message>
        <source>model_too_large</source>
        <translation>올바른 파일인지 확인하세요.</translation>
    </message>
    <message>
        <source>nan_loss</source>
        <translation>학습률을 낮추거나 녹음을 확인한 뒤 다시 시도하세요.</translation>
    </message>
    <message>
        <source>nan_weights</source>
        <translation>다시 학습하세요.</translation>
    </message>
    <message>
        <source>newer_database</source>
        <translation>RVC Studio를 업데이트하세요.</translation>
    </message>
    <message>
        <source>newer_dataset</source>
        <translation>RVC Studio를 업데이트하거나 다시 준비하세요.</translation>
    </message>
    <message>
        <source>newer_library</source>
        <translation>RVC Studio를 업데이트하거나 다른 보관함을 선택하세요.</translation>
    </message>
    <message>
        <source>newer_model</source>
        <translation>RVC Studio를 업데이트하세요.</translation>
    </message>
    <message>
        <source>newer_spec</source>
        <translation>RVC Studio를 업데이트하세요.</translation>
    </message>
    <message>
        <source>newer_voice</source>
        <translation>RVC Studio를 업데이트하세요.</translation>
    </message>
    <message>
        <source>no_voice_file</source>
        <translation>다시 내보내세요.</translation>
    </message>
    <message>
        <source>no_device</source>
        <translation>다른 장치를 선택하세요.</translation>
    </message>
    <message>
        <source>no_discriminator</source>
        <translation>판별기를 선택하지 마세요.</translation>
    </message>
    <message>
        <source>no_index</source>
        <translation>인덱스 없이 진행하세요.</translation>
    </message>
    <message>
        <source>no_model</source>
        <translation>다른 파일을 선택하세요.</translation>
    </message>
    <message>
        <source>no_name</source>
        <translation>이름을 입력하세요.</translation>
    </message>
    <message>
        <source>no_recordings</source>
        <translation>녹음을 추가하세요.</translation>
    </message>
    <message>
        <source>no_speech</source>
        <translation>말이나 노래가 담긴 녹음을 추가하세요.</translation>
    </message>
    <message>
        <source>no_usual_pitch</source>
        <translation>음높이를 직접 정하세요.</translation>
    </message>
    <message>
        <source>not_a_base</source>
        <translation>베이스를 선택하세요.</translation>
    </message>
    <message>
        <source>not_a_folder</source>
        <translation>다른 폴더를 선택하세요.</translation>
    </message>
    <message>
        <source>not_a_voice</source>
        <translation>다른 파일을 선택하세요.</translation>
    </message>
    <message>
        <source>not_an_index</source>
        <translation>인덱스 없이 사용하세요.</translation>
    </message>
    <message>
        <source>not_audio</source>
        <translation>다른 형식으로 바꾸거나 다른 파일을 선택하세요.</translation>
    </message>
    <message>
        <source>not_blendable</source>
        <translation>같은 구조의 모델을 선택하세요.</translation>
    </message>
    <message>
        <source>not_copied</source>
        <translation>다른 폴더를 선택하세요.</translation>
    </message>
    <message>
        <source>not_empty</source>
        <translation>빈 폴더나 새 폴더를 선택하세요.</translation>
    </message>
    <message>
        <source>not_exportable</source>
        <translation>다른 형식을 선택하세요.</translation>
    </message>
    <message>
        <source>not_finite</source>
        <translation>파일을 다시 만드세요.</translation>
    </message>
    <message>
        <source>not_prepared</source>
        <translation>먼저 데이터셋을 준비하세요.</translation>
    </message>
    <message>
        <source>not_readable</source>
        <translation>권한을 확인하세요.</translation>
    </message>
    <message>
        <source>not_writable</source>
        <translation>다른 폴더를 선택하세요.</translation>
    </message>
    <message>
        <source>nothing_to_finish</source>
        <translation>학습이 시작된 뒤에 다시 시도하세요.</translation>
    </message>
    <message>
        <source>odd_rate</source>
        <translation>다른 파일을 선택하세요.</translation>
    </message>
    <message>
        <source>onnx_differs</source>
        <translation>다른 형식으로 내보내세요.</translation>
    </message>
    <message>
        <source>other_layout</source>
        <translation>다른 파일을 선택하세요.</translation>
    </message>
    <message>
        <source>other_version</source>
        <translation>v1이나 v2 모델을 선택하세요.</translation>
    </message>
    <message>
        <source>other_vocoder</source>
        <translation>다른 모델을 선택하세요.</translation>
    </message>
    <message>
        <source>out_of_memory</source>
        <translation>다른 프로그램을 닫거나 배치 크기를 줄이거나 다른 컴퓨터를 사용하세요.</translation>
    </message>
    <message>
        <source>queue_busy</source>
        <translation>잠시 뒤 다시 시도하세요.</translation>
    </message>
    <message>
        <source>quota_exceeded</source>
        <translation>끝난 작업을 삭제하세요.</translation>
    </message>
    <message>
        <source>rank_died</source>
        <translation>다시 시도하세요.</translation>
    </message>
    <message>
        <source>rvc_v1</source>
        <translation>설정에서 사전 학습 파일을 내려받으세요.</translation>
    </message>
    <message>
        <source>several_models</source>
        <translation>파일 하나를 선택하세요.</translation>
    </message>
    <message>
        <source>some_failed</source>
        <translation>목록에서 이유를 확인하세요.</translation>
    </message>
    <message>
        <source>too_large</source>
        <translation>더 작은 파일을 사용하세요.</translation>
    </message>
    <message>
        <source>too_many_jobs</source>
        <translation>작업이 끝난 뒤 다시 시도하세요.</translation>
    </message>
    <message>
        <source>too_short</source>
        <translation>녹음을 더 추가하세요.</translation>
    </message>
    <message>
        <source>unknown_architecture</source>
        <translation>RVC Studio를 업데이트하세요.</translation>
    </message>
    <message>
        <source>unknown_file</source>
        <translation>다른 파일을 선택하세요.</translation>
    </message>
    <message>
        <source>unknown_format</source>
        <translation>다른 형식을 선택하세요.</translation>
    </message>
    <message>
        <source>unknown_job</source>
        <translation>작업 목록을 새로 고치세요.</translation>
    </message>
    <message>
        <source>unknown_speaker</source>
        <translation>다른 화자를 선택하세요.</translation>
    </message>
    <message>
        <source>write_failed</source>
        <translation>디스크를 확인하고 다시 시도하세요.</translation>
    </message>
    <message>
        <source>wrong_base</source>
        <translation>다른 베이스를 선택하세요.</translation>
    </message>
    <message>
        <source>wrong_encoder</source>
        <translation>모델과 같은 인코더를 선택하세요.</translation>
    </message>
    <message>
        <source>wrong_index</source>
        <translation>이 모델의 인덱스를 선택하세요.</translation>
    </message>
    <message>
        <source>wrong_rate</source>
        <translation>다른 샘플레이트를 선택하세요.</translation>
    </message>
    <message>
        <source>wrong_state</source>
        <translation>작업 목록을 새로 고친 뒤 다시 시도하세요.</translation>
    </message>
    <message>
        <source>wrong_weights</source>
        <translation>파일을 다시 구하세요.</translation>
    </message>
    <message>
        <source>agent_unreachable</source>
        <translation>그 컴퓨터가 켜져 있는지, 네트워크가 연결되어 있는지 확인하세요.</translation>
    </message>
</context>
<context>
    <name>Finding</name>
    <message>
        <source>{system}; {cpu}; {cores} cores, {threads} threads; {memory_gb:.0f} GB of memory.</source>
        <translation>{system}, {cpu}, 코어 {cores}개, 스레드 {threads}개, 메모리 {memory_gb:.0f} GB</translation>
    </message>
    <message>
        <source>Only {free_gb:.1f} GB of memory are free; training the full model takes about 8.</source>
        <translation>남은 메모리가 {free_gb:.1f} GB뿐입니다. 고품질 모델 학습에는 8 GB 정도가 필요합니다.</translation>
    </message>
    <message>
        <source>Close other programs before you train.</source>
        <translation>학습하기 전에 다른 프로그램을 닫으세요.</translation>
    </message>
    <message>
        <source>The CPU computes with {names}.</source>
        <translation>CPU가 {names} 명령을 사용합니다.</translation>
    </message>
    <message>
        <source>The CPU has no wide instructions (AVX2): everything takes several times longer.</source>
        <translation>CPU에 AVX2 명령이 없어 모든 작업이 몇 배 더 걸립니다.</translation>
    </message>
    <message>
        <source>Train on another machine.</source>
        <translation>다른 컴퓨터에서 학습하세요.</translation>
    </message>
    <message>
        <source>Python {version}.</source>
        <translation>Python {version}</translation>
    </message>
    <message>
        <source>pip is missing in this Python: files that come in packages cannot be fetched.</source>
        <translation>이 Python에 pip이 없어 패키지로 배포되는 파일을 받을 수 없습니다.</translation>
    </message>
    <message>
        <source>Run: python -m ensurepip</source>
        <translation>Run: python -m ensurepip</translation>
    </message>
    <message>
        <source>The {count} libraries that the engine needs can be loaded.</source>
        <translation>엔진에 필요한 라이브러리 {count}개를 모두 불러올 수 있습니다.</translation>
    </message>
    <message>
        <source>{name} is not installed.</source>
        <translation>{name} 라이브러리가 설치되어 있지 않습니다.</translation>
    </message>
    <message>
        <source>{name} cannot be loaded: {error}</source>
        <translation>{name} 라이브러리를 불러올 수 없습니다: {error}</translation>
    </message>
    <message>
        <source>torch {version} ({build}), {threads} threads.</source>
        <translation>torch {version} ({build}), 스레드 {threads}개</translation>
    </message>
    <message>
        <source>torch {version} can be attacked through a model file; 2.10 and later cannot.</source>
        <translation>torch {version} 버전은 모델 파일을 통해 공격받을 수 있습니다. 2.10 이상은 안전합니다.</translation>
    </message>
    <message>
        <source>RVC Studio was not tried with torch {version}, but with 2.11 to 2.14.</source>
        <translation>torch {version} 버전에서는 시험하지 않았습니다. 2.11부터 2.14까지 시험했습니다.</translation>
    </message>
    <message>
        <source>torchaudio {version} does not work with torch {torch}, so the pitch estimator FCPE does not: {error}</source>
        <translation>torchaudio {version} 버전이 torch {torch} 버전과 맞지 않아 피치 추정기 FCPE를 쓸 수 없습니다: {error}</translation>
    </message>
    <message>
        <source>There is no GPU that can be used; the lite model is made for CPUs.</source>
        <translation>사용할 수 있는 GPU가 없습니다. 가벼운 모델은 CPU에서 쓰도록 만들어졌습니다.</translation>
    </message>
    <message>
        <source>{device}: {name}, {total_gb:.0f} GB ({free_gb:.1f} free), fast in {types}, driver {driver}.</source>
        <translation>{device}: {name}, {total_gb:.0f} GB (남은 메모리 {free_gb:.1f} GB), 빠른 형식 {types}, 드라이버 {driver}</translation>
    </message>
    <message>
        <source>Only {free_gb:.1f} of {total_gb:.0f} GB of {device} are free.</source>
        <translation>{device} 메모리 {total_gb:.0f} GB 중 {free_gb:.1f} GB만 남아 있습니다.</translation>
    </message>
    <message>
        <source>Close other programs that use the GPU.</source>
        <translation>GPU를 쓰는 다른 프로그램을 닫으세요.</translation>
    </message>
    <message>
        <source>{device} ({name}, {architecture}) is newer or older than this torch was built for.</source>
        <translation>{device} ({name}, {architecture}) 장치는 이 torch가 지원하는 것보다 새롭거나 오래되었습니다.</translation>
    </message>
    <message>
        <source>{device} ({name}) does not compute: {error}</source>
        <translation>{device} ({name}) 장치가 계산하지 못합니다: {error}</translation>
    </message>
    <message>
        <source>Update its driver and restart the computer.</source>
        <translation>드라이버를 업데이트하고 컴퓨터를 다시 시작하세요.</translation>
    </message>
    <message>
        <source>{name} is not used: this torch was built for CPUs only.</source>
        <translation>{name} 장치를 쓰지 않습니다. 이 torch는 CPU 전용입니다.</translation>
    </message>
    <message>
        <source>{name} is not used: its driver {driver} does not work with this torch, which was built for {build}.</source>
        <translation>{name} 장치를 쓰지 않습니다. 드라이버 {driver} 버전이 이 torch의 {build} 빌드와 맞지 않습니다.</translation>
    </message>
    <message>
        <source>Update the driver and restart the computer.</source>
        <translation>드라이버를 업데이트하고 컴퓨터를 다시 시작하세요.</translation>
    </message>
    <message>
        <source>{folder}: {free_gb:.0f} GB free, can be written ({use}).</source>
        <translation>{folder}: {free_gb:.0f} GB 여유, 쓰기 가능 ({use})</translation>
    </message>
    <message>
        <source>{folder} has only {free_gb:.1f} GB free ({use}).</source>
        <translation>{folder} 폴더에 {free_gb:.1f} GB만 남아 있습니다 ({use}).</translation>
    </message>
    <message>
        <source>Free some space on that disk.</source>
        <translation>그 디스크의 공간을 확보하세요.</translation>
    </message>
    <message>
        <source>{folder} has no room: {free_gb:.2f} GB free ({use}).</source>
        <translation>{folder} 폴더에 공간이 없습니다. {free_gb:.2f} GB 남음 ({use}).</translation>
    </message>
    <message>
        <source>{folder} cannot be written: {error} ({use}).</source>
        <translation>{folder} 폴더에 쓸 수 없습니다: {error} ({use})</translation>
    </message>
    <message>
        <source>Set RVC_STUDIO_HOME to a folder that you may write.</source>
        <translation>환경 변수 RVC_STUDIO_HOME을 쓸 수 있는 폴더로 설정하세요.</translation>
    </message>
    <message>
        <source>{file} is here: {use}.</source>
        <translation>{file} 파일이 있습니다. 용도: {use}</translation>
    </message>
    <message>
        <source>{file} is missing: {use}.</source>
        <translation>{file} 파일이 없습니다. 용도: {use}</translation>
    </message>
    <message>
        <source>Run: rvc assets fetch {name}</source>
        <translation>Run: rvc assets fetch {name}</translation>
    </message>
    <message>
        <source>Bases to start a training from are here: {names}.</source>
        <translation>학습을 시작할 베이스가 있습니다: {names}</translation>
    </message>
    <message>
        <source>There is no base: full models are trained from nothing, which takes far longer.</source>
        <translation>베이스가 없습니다. 고품질 모델을 처음부터 학습하므로 훨씬 오래 걸립니다.</translation>
    </message>
    <message>
        <source>Run: rvc assets fetch f0G40k f0D40k</source>
        <translation>Run: rvc assets fetch f0G40k f0D40k</translation>
    </message>
    <message>
        <source>The extra {name} is installed: {use}.</source>
        <translation>추가 기능 {name} 설치됨. 용도: {use}</translation>
    </message>
    <message>
        <source>The extra {name} is not installed: {use}.</source>
        <translation>추가 기능 {name} 설치되지 않음. 용도: {use}</translation>
    </message>
    <message>
        <source>Run: pip install 'rvc-studio[{name}]'</source>
        <translation>Run: pip install 'rvc-studio[{name}]'</translation>
    </message>
    <message>
        <source>Sound: {inputs} inputs, {outputs} outputs; records with {input}, plays with {output}.</source>
        <translation>소리: 입력 {inputs}개, 출력 {outputs}개. 녹음 장치 {input}, 재생 장치 {output}</translation>
    </message>
    <message>
        <source>There is no microphone.</source>
        <translation>마이크가 없습니다.</translation>
    </message>
    <message>
        <source>Connect one, and allow programs to use it in the system's settings.</source>
        <translation>마이크를 연결하고, 시스템 설정에서 프로그램의 마이크 사용을 허용하세요.</translation>
    </message>
    <message>
        <source>There is nothing to play sound with.</source>
        <translation>소리를 재생할 장치가 없습니다.</translation>
    </message>
    <message>
        <source>Connect headphones.</source>
        <translation>헤드폰을 연결하세요.</translation>
    </message>
    <message>
        <source>Recording and playing are not set up here (sounddevice is not installed), as on servers.</source>
        <translation>서버처럼 녹음과 재생이 준비되어 있지 않습니다 (sounddevice가 설치되지 않음).</translation>
    </message>
    <message>
        <source>Run: pip install 'rvc-studio[desktop]'</source>
        <translation>Run: pip install 'rvc-studio[desktop]'</translation>
    </message>
    <message>
        <source>This machine has no working sound system, so it cannot record or play: {error}</source>
        <translation>이 컴퓨터에 동작하는 소리 시스템이 없어 녹음하거나 재생할 수 없습니다: {error}</translation>
    </message>
    <message>
        <source>Install PortAudio (on Debian: apt install libportaudio2), unless this is a server.</source>
        <translation>서버가 아니라면 PortAudio를 설치하세요 (Debian: apt install libportaudio2).</translation>
    </message>
    <message>
        <source>The check of {part} failed: {error}</source>
        <translation>{part} 확인에 실패했습니다: {error}</translation>
    </message>
    <message>
        <source>Report this text as a bug.</source>
        <translation>이 문장을 버그로 신고해 주세요.</translation>
    </message>
    <message>
        <source>Loading {part} ends the program ({error}).</source>
        <translation>{part} 구성 요소를 불러오면 프로그램이 종료됩니다 ({error}).</translation>
    </message>
    <message>
        <source>Install RVC Studio anew in a fresh environment.</source>
        <translation>새 환경에 RVC Studio를 다시 설치하세요.</translation>
    </message>
    <message>
        <source>The check of {part} did not end within {seconds:.0f} s.</source>
        <translation>{part} 확인이 {seconds:.0f}초 안에 끝나지 않았습니다.</translation>
    </message>
    <message>
        <source>Close other programs and run `rvc doctor` again.</source>
        <translation>다른 프로그램을 닫고 다시 확인하세요.</translation>
    </message>
</context>
<context>
    <name>Finding.value</name>
    <message>
        <source>downloads and features</source>
        <translation>내려받은 파일과 준비된 녹음</translation>
    </message>
    <message>
        <source>voices and jobs</source>
        <translation>목소리와 작업</translation>
    </message>
    <message>
        <source>asked for, 1</source>
        <translation>보관함</translation>
    </message>
    <message>
        <source>m4a, mp4 and the sound of videos are read with it</source>
        <translation>m4a, mp4와 동영상의 소리를 읽습니다</translation>
    </message>
    <message>
        <source>test reports are made with it</source>
        <translation>시험 보고서를 만듭니다</translation>
    </message>
    <message>
        <source>the app needs it</source>
        <translation>이 앱에 필요합니다</translation>
    </message>
    <message>
        <source>this machine can work for others with it</source>
        <translation>이 컴퓨터가 다른 컴퓨터의 작업을 대신할 수 있습니다</translation>
    </message>
    <message>
        <source>community models need it, and models that community tools shall read</source>
        <translation>커뮤니티 모델과, 다른 도구에서 열 모델에 필요</translation>
    </message>
    <message>
        <source>the pitch estimator that RVC models are trained with</source>
        <translation>RVC 모델 학습에 쓰이는 피치 추정기</translation>
    </message>
</context>
</TS>
