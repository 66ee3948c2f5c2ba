<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>Error</name>
    <message>
        <source>another_dataset</source>
        <comment>{file} was not trained on {prepared}.</comment>
        <translation>{file}: {prepared} 데이터셋으로 학습한 모델이 아닙니다.</translation>
    </message>
    <message>
        <source>another_training</source>
        <comment>{folder} holds a training with another {differences}.</comment>
        <translation>{folder} 폴더에는 설정이 다른 학습이 들어 있습니다: {differences}.</translation>
    </message>
    <message>
        <source>bad_curve</source>
        <comment>{path}, line {line}: {what}.</comment>
        <translation>피치 곡선 {path}의 {line}번째 줄을 읽을 수 없습니다: {what}.</translation>
    </message>
    <message>
        <source>bad_ssh_config</source>
        <comment>{file} cannot be read: {error}.</comment>
        <translation>SSH 설정 {file} 파일을 읽을 수 없습니다: {error}.</translation>
    </message>
    <message>
        <source>batch_too_small</source>
        <comment>A batch of {total} clips cannot be divided among {size} processes.</comment>
        <translation>배치 {total}개를 프로세스 {size}개에 나눌 수 없습니다.</translation>
    </message>
    <message>
        <source>broken_library</source>
        <comment>{file} is damaged or no library: {error}.</comment>
        <translation>{file} 파일이 손상되었거나 보관함이 아닙니다: {error}.</translation>
    </message>
    <message>
        <source>command_failed</source>
        <comment>A command on {end} ended with status {status}.</comment>
        <translation>{end} 컴퓨터에서 실행한 명령이 실패했습니다(상태 {status}).</translation>
    </message>
    <message>
        <source>damaged_dataset</source>
        <comment>{folder} is incomplete: {missing} is missing.</comment>
        <translation>준비된 데이터셋 {folder} 폴더가 완전하지 않습니다. 없는 것: {missing}.</translation>
    </message>
    <message>
        <source>damaged_download</source>
        <comment>{file} was fetched but is not as it should be ({reasons}).</comment>
        <translation>내려받은 {file} 파일이 손상되었습니다({reasons}).</translation>
    </message>
    <message>
        <source>device_failed</source>
        <comment>{source} and {target} could not be used together: {error}.</comment>
        <translation>{source}, {target} 장치를 함께 사용할 수 없습니다: {error}.</translation>
    </message>
    <message>
        <source>device_not_opened</source>
        <comment>{device} cannot be used: {error}.</comment>
        <translation>{device} 장치를 사용할 수 없습니다: {error}.</translation>
    </message>
    <message>
        <source>disk_full</source>
        <comment>The disk is full: {path} could not be written.</comment>
        <translation>디스크에 공간이 없어 {path} 파일을 쓸 수 없습니다.</translation>
    </message>
    <message>
        <source>disk_full</source>
        <comment>The inputs are {megabytes}, but only {megabytes2} are free on the disk.</comment>
        <translation>입력은 {megabytes}인데 디스크에는 {megabytes2}만 남아 있습니다.</translation>
    </message>
    <message>
        <source>disk_full</source>
        <comment>There is no room for the library in {folder}.</comment>
        <translation>{folder} 폴더에 보관함을 둘 공간이 없습니다.</translation>
    </message>
    <message>
        <source>disk_full</source>
        <comment>{file} needs {wanted} MB more, but {parent} has {free} MB free.</comment>
        <translation>{file} 파일에는 {wanted} MB가 더 필요한데 {parent} 폴더에는 {free} MB만 남아 있습니다.</translation>
    </message>
    <message>
        <source>download_failed</source>
        <comment>The package {requirement} could not be fetched: {reason}.</comment>
        <translation>{requirement} 패키지를 내려받지 못했습니다: {reason}.</translation>
    </message>
    <message>
        <source>download_failed</source>
        <comment>{file} could not be fetched ({reasons}).</comment>
        <translation>{file} 파일을 내려받지 못했습니다({reasons}).</translation>
    </message>
    <message>
        <source>empty_dataset</source>
        <comment>None of the recordings can be used: {file} {reason}.</comment>
        <translation>사용할 수 있는 녹음이 없습니다. 첫 번째: {file} {reason}.</translation>
    </message>
    <message>
        <source>hostile_model</source>
        <comment>{path} was refused: it holds more than weights{some}, and opening it could run a program.</comment>
        <translation>{path}: 가중치 외의 내용이 들어 있어{some} 열지 않았습니다. 열면 프로그램이 실행될 수 있습니다.</translation>
    </message>
    <message>
        <source>index_too_large</source>
        <comment>{path} is {size} GiB, larger than any real index.</comment>
        <translation>검색 인덱스 {path} 파일이 {size} GiB로 지나치게 큽니다.</translation>
    </message>
    <message>
        <source>library_gone</source>
        <comment>Your library is not at {folder}.</comment>
        <translation>보관함이 {folder} 폴더에 없습니다.</translation>
    </message>
    <message>
        <source>licence_not_accepted</source>
        <comment>{file} is not fetched before its licence is accepted ({terms}).</comment>
        <translation>라이선스({terms})에 동의하기 전에는 {file} 파일을 받지 않습니다.</translation>
    </message>
    <message>
        <source>missing_asset</source>
        <comment>{file} ({name}) is not on this machine{misfit}.</comment>
        <translation>필요한 사전 학습 파일이 없습니다: {file}({name}){misfit}.</translation>
    </message>
    <message>
        <source>missing_base</source>
        <comment>The base {path} cannot be read: {error}.</comment>
        <translation>베이스 {path} 파일을 읽을 수 없습니다: {error}.</translation>
    </message>
    <message>
        <source>missing_extra</source>
        <comment>{path} cannot be read without the extra `formats`.</comment>
        <translation>{path} 파일을 읽으려면 추가 기능 formats가 필요합니다.</translation>
    </message>
    <message>
        <source>model_too_large</source>
        <comment>{path} is {size} MiB, larger than any RVC model.</comment>
        <translation>모델 {path} 파일이 {size} MiB로 지나치게 큽니다.</translation>
    </message>
    <message>
        <source>model_too_large</source>
        <comment>{path} is {size} MiB, larger than any voice.</comment>
        <translation>모델 {path} 파일이 {size} MiB로 지나치게 큽니다.</translation>
    </message>
    <message>
        <source>nan_loss</source>
        <comment>The training broke down at step {step}: its losses are no longer numbers.</comment>
        <translation>학습이 {step}단계에서 무너졌습니다. 손실이 더 이상 숫자가 아닙니다.</translation>
    </message>
    <message>
        <source>not_an_index</source>
        <comment>{path} is not a retrieval index that can be used: {error}.</comment>
        <translation>{path} 파일은 사용할 수 있는 검색 인덱스가 아닙니다: {error}.</translation>
    </message>
    <message>
        <source>not_blendable</source>
        <comment>{file} and {file2} cannot be blended: {differences}.</comment>
        <translation>{file}, {file2} 모델은 섞을 수 없습니다: {differences}.</translation>
    </message>
    <message>
        <source>not_readable</source>
        <comment>{path} cannot be read: {error}.</comment>
        <translation>{path} 파일을 읽을 수 없습니다: {error}.</translation>
    </message>
    <message>
        <source>not_readable</source>
        <comment>{path} cannot be read: {reason}.</comment>
        <translation>{path} 파일을 읽을 수 없습니다: {reason}.</translation>
    </message>
    <message>
        <source>not_writable</source>
        <comment>{file} cannot be opened: {error}.</comment>
        <translation>{file} 파일을 열 수 없습니다: {error}.</translation>
    </message>
    <message>
        <source>not_writable</source>
        <comment>{path} cannot be used: {error}.</comment>
        <translation>{path} 파일을 사용할 수 없습니다: {error}.</translation>
    </message>
    <message>
        <source>not_writable</source>
        <comment>{path} cannot be written: {error}.</comment>
        <translation>{path} 파일에 쓸 수 없습니다: {error}.</translation>
    </message>
    <message>
        <source>odd_rate</source>
        <comment>{path} has a sample rate of {rate} Hz, which is none of speech.</comment>
        <translation>{path} 파일의 샘플레이트 {rate} Hz는 말소리에 맞지 않습니다.</translation>
    </message>
    <message>
        <source>other_vocoder</source>
        <comment>{path} uses the vocoder {vocoder}; only {VOCODER} models can be opened.</comment>
        <translation>{path} 모델은 보코더 {vocoder} 모델입니다. {VOCODER} 모델만 열 수 있습니다.</translation>
    </message>
    <message>
        <source>quota_exceeded</source>
        <comment>Jobs take {megabytes} of {megabytes2} already.</comment>
        <translation>작업이 이미 {megabytes2} 중 {megabytes}를 쓰고 있습니다.</translation>
    </message>
    <message>
        <source>rank_died</source>
        <comment>{which} of the {count} processes of the training died, and the others were ended.</comment>
        <translation>학습 프로세스 {count}개 중 {which}번이 끝나 버려 나머지도 끝냈습니다.</translation>
    </message>
    <message>
        <source>several_models</source>
        <comment>{path} holds several models: {some}.</comment>
        <translation>{path} 안에 모델이 여러 개 있습니다: {some}.</translation>
    </message>
    <message>
        <source>some_failed</source>
        <comment>{len} of {written} recordings could not be converted: {named}{more}.</comment>
        <translation>녹음 {written}개 중 {len}개를 변환하지 못했습니다: {named}{more}.</translation>
    </message>
    <message>
        <source>too_large</source>
        <comment>The inputs are {megabytes}; at most {megabytes2} are taken.</comment>
        <translation>입력이 {megabytes}입니다. {megabytes2}까지만 받습니다.</translation>
    </message>
    <message>
        <source>too_short</source>
        <comment>Only {seconds} s of speech were found; at least {least_s} s are needed.</comment>
        <translation>말소리가 {seconds}초뿐입니다. 적어도 {least_s}초가 필요합니다.</translation>
    </message>
    <message>
        <source>too_short</source>
        <comment>{seconds} s of sound is too short to convert; it takes {SHORTEST_S} s at least.</comment>
        <translation>{seconds}초는 변환하기에 너무 짧습니다. 적어도 {SHORTEST_S}초가 필요합니다.</translation>
    </message>
    <message>
        <source>too_short</source>
        <comment>{shown} is shorter than {LEAST_S} s.</comment>
        <translation>{shown} 녹음이 {LEAST_S}초보다 짧습니다.</translation>
    </message>
    <message>
        <source>too_few_gpus</source>
        <comment>{gpus} GPUs were asked for, and this machine has {count}.</comment>
        <translation>GPU {gpus}개를 요청했지만 이 컴퓨터에는 {count}개 있습니다.</translation>
    </message>
    <message>
        <source>unknown_architecture</source>
        <comment>{path} is a model of the kind {architecture}, which is not known here.</comment>
        <translation>{path} 모델의 종류({architecture})를 알 수 없습니다.</translation>
    </message>
    <message>
        <source>unknown_speaker</source>
        <comment>The voice has no speaker {speaker}; it has {len}, counted from 0.</comment>
        <translation>이 모델에는 화자 {speaker}번이 없습니다. 0번부터 {len}명이 있습니다.</translation>
    </message>
    <message>
        <source>wrong_base</source>
        <comment>{path} does not fit this training: {len} weights differ, the first is {unfit}.</comment>
        <translation>베이스 {path} 파일이 이 학습에 맞지 않습니다. 가중치 {len}개가 다르며 첫 번째는 {unfit}입니다.</translation>
    </message>
    <message>
        <source>wrong_base</source>
        <comment>{path} was trained at {rate} Hz on {content_encoder} features, the dataset has {rate2} Hz and those of {encoder}.</comment>
        <translation>베이스 {path} 파일은 {rate} Hz, {content_encoder} 특징으로 학습했는데 데이터셋은 {rate2} Hz, {encoder} 특징입니다.</translation>
    </message>
    <message>
        <source>wrong_encoder</source>
        <comment>The voice "{self}" was trained on {wanted} features ({dim} dimensions); it does not understand those of {name} ({dim2}).</comment>
        <translation>모델은 {wanted} 특징({dim}차원)으로 학습해서 {name} 특징({dim2}차원)을 이해하지 못합니다: {self}.</translation>
    </message>
    <message>
        <source>wrong_index</source>
        <comment>The index holds features of {dim} dimensions, but the voice understands {dim2}.</comment>
        <translation>인덱스의 특징은 {dim}차원인데 모델은 {dim2}차원을 이해합니다.</translation>
    </message>
    <message>
        <source>wrong_rate</source>
        <comment>The dataset was prepared at {rate} Hz, but {architecture} models exist at {rates} Hz.</comment>
        <translation>데이터셋은 {rate} Hz로 준비했는데 {architecture} 모델은 {rates} Hz만 있습니다.</translation>
    </message>
    <message>
        <source>wrong_rate</source>
        <comment>{config} cannot hold {rate} Hz.</comment>
        <translation>{config} 형식은 {rate} Hz를 담을 수 없습니다.</translation>
    </message>
</context>
<context>
    <name>Error.hint</name>
    <message>
        <source>missing_asset</source>
        <comment>Run `rvc assets fetch {name}`, or put the file into a folder named by {FOLDERS_VARIABLE}.</comment>
        <translation>설정의 사전 학습 파일에서 내려받거나 가지고 있는 파일을 사용하세요({name}).</translation>
    </message>
    <message>
        <source>no_address</source>
        <comment>Get it from {page}, then run `rvc assets add FILE --as {asset}`.</comment>
        <translation>{page}에서 받은 뒤, 설정의 사전 학습 파일에서 가지고 있는 파일로 사용하세요.</translation>
    </message>
</context>
</TS>
