<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>Error</name>
    <message>
        <source>index_not_reached</source>
        <translation>이 PyTorch 빌드가 있는 저장소에 연결되지 않습니다.</translation>
    </message>
    <message>
        <source>no_pip</source>
        <translation>이 Python에는 쓸 수 있는 pip이 없고 구할 수도 없습니다.</translation>
    </message>
    <message>
        <source>not_an_environment</source>
        <translation>이 Python은 시스템의 것이라 여기에 패키지를 설치할 수 없습니다.</translation>
    </message>
    <message>
        <source>not_installed</source>
        <translation>패키지를 설치하지 못했습니다.</translation>
    </message>
    <message>
        <source>not_resolved</source>
        <translation>서로 맞는 패키지를 찾지 못했습니다.</translation>
    </message>
    <message>
        <source>nothing_to_undo</source>
        <translation>이 환경에는 되돌릴 설치가 없습니다.</translation>
    </message>
    <message>
        <source>setup_busy</source>
        <translation>이 환경에서 다른 설치가 진행 중입니다.</translation>
    </message>
    <message>
        <source>trial_failed</source>
        <translation>엔진은 설치되었지만 시험 학습에 실패했습니다.</translation>
    </message>
    <message>
        <source>unknown_extra</source>
        <translation>그런 이름의 추가 기능은 없습니다.</translation>
    </message>
    <message>
        <source>no_environment</source>
        <translation>엔진을 위한 환경을 만들지 못했습니다.</translation>
    </message>
    <message>
        <source>no_python_here</source>
        <translation>엔진에는 Python 3.11, 3.12, 3.13 가운데 하나가 필요한데 이 컴퓨터에는 없습니다.</translation>
    </message>
</context>
<context>
    <name>Error.hint</name>
    <message>
        <source>index_not_reached</source>
        <translation>네트워크를 확인하거나 `rvc setup --torch-index`로 미러를 알려 주세요.</translation>
    </message>
    <message>
        <source>no_pip</source>
        <translation>python3 -m venv로 환경을 새로 만드세요.</translation>
    </message>
    <message>
        <source>not_an_environment</source>
        <translation>RVC Studio를 따로 만든 환경에 설치하세요. 설치 안내(docs/install.md)를 보세요.</translation>
    </message>
    <message>
        <source>not_installed</source>
        <translation>공간을 비우고 엔진을 쓰는 프로그램을 닫은 뒤 다시 설치하세요.</translation>
    </message>
    <message>
        <source>not_resolved</source>
        <translation>네트워크와 pip에 설정된 패키지 저장소를 확인하고 다시 실행하세요.</translation>
    </message>
    <message>
        <source>setup_busy</source>
        <translation>끝날 때까지 기다린 뒤 다시 실행하세요.</translation>
    </message>
    <message>
        <source>trial_failed</source>
        <translation>`rvc doctor`로 원인을 보고, `rvc setup --repair`로 고치거나 `rvc setup --build cpu`를 쓰세요.</translation>
    </message>
    <message>
        <source>no_environment</source>
        <translation>네트워크와 디스크 공간을 확인하고 다시 설치하세요.</translation>
    </message>
    <message>
        <source>no_python_here</source>
        <translation>python.org에서 설치한 뒤 다시 시도하세요.</translation>
    </message>
</context>
<context>
    <name>Finding</name>
    <message>
        <source>Run: rvc setup</source>
        <translation>Run: rvc setup</translation>
    </message>
    <message>
        <source>Run: rvc setup --repair</source>
        <translation>Run: rvc setup --repair</translation>
    </message>
    <message>
        <source>Update the driver and restart the computer, or run `rvc setup` for a torch that this driver can run.</source>
        <translation>드라이버를 업데이트하고 컴퓨터를 다시 시작하거나, `rvc setup`으로 이 드라이버에서 돌아가는 torch를 설치하세요.</translation>
    </message>
    <message>
        <source>{name} cannot be used: its driver {driver} is too old for every build of PyTorch (the oldest is {needed}).</source>
        <translation>{name} GPU를 쓸 수 없습니다. 드라이버 {driver} 버전은 모든 PyTorch 빌드에 너무 오래되었습니다(최소 {needed}).</translation>
    </message>
    <message>
        <source>{name} cannot be used: its maker's driver is not installed.</source>
        <translation>{name} GPU를 쓸 수 없습니다. 제조사 드라이버가 설치되어 있지 않습니다.</translation>
    </message>
    <message>
        <source>Install the driver from the GPU's maker, restart the computer, and run `rvc setup` again.</source>
        <translation>GPU 제조사의 드라이버를 설치하고 컴퓨터를 다시 시작한 뒤 `rvc setup`을 다시 실행하세요.</translation>
    </message>
    <message>
        <source>{name} ({what}) is older or newer than any build of PyTorch has code for.</source>
        <translation>{name} ({what}) GPU는 너무 오래되었거나 너무 새것이라 어떤 PyTorch 빌드에도 맞는 코드가 없습니다.</translation>
    </message>
    <message>
        <source>Train with the lite model on the CPU, or on another computer.</source>
        <translation>CPU에서 lite 모델로 학습하거나 다른 컴퓨터에서 학습하세요.</translation>
    </message>
    <message>
        <source>{name} is not used: PyTorch's own index has no build for AMD's GPUs on Windows, but AMD has one.</source>
        <translation>{name} GPU를 쓰지 않습니다. PyTorch 저장소에는 Windows용 AMD 빌드가 없지만 AMD에서 제공합니다.</translation>
    </message>
    <message>
        <source>Give the address that AMD names for this GPU: rvc setup --build rocm --torch-index ADDRESS</source>
        <translation>AMD가 이 GPU용으로 안내하는 주소를 알려 주세요: rvc setup --build rocm --torch-index ADDRESS</translation>
    </message>
    <message>
        <source>PyTorch is no longer made for Macs with Intel processors.</source>
        <translation>Intel 프로세서를 쓰는 Mac용 PyTorch는 더 이상 나오지 않습니다.</translation>
    </message>
    <message>
        <source>Record here, and train and convert on another computer: see Computers in the app.</source>
        <translation>녹음은 여기서 하고, 학습과 변환은 다른 컴퓨터에서 하세요. 앱의 컴퓨터 페이지를 보세요.</translation>
    </message>
    <message>
        <source>torchaudio {version} and torch {torch} are of different builds, so the pitch estimator FCPE does not work.</source>
        <translation>torchaudio {version} 버전과 torch {torch} 버전은 서로 다른 빌드라서 음높이 추정기 FCPE가 작동하지 않습니다.</translation>
    </message>
    <message>
        <source>NumPy {version} is of another major release than the engine was built for (2).</source>
        <translation>NumPy {version} 버전은 엔진이 요구하는 주 버전(2)과 다릅니다.</translation>
    </message>
    <message>
        <source>{name} {version} is damaged: {reason} ({file}).</source>
        <translation>{name} {version} 패키지가 손상되었습니다: {reason} ({file})</translation>
    </message>
    <message>
        <source>{name}, driver {driver}.</source>
        <translation>{name}, 드라이버 {driver}</translation>
    </message>
    <message>
        <source>The right PyTorch for this computer: {title}.</source>
        <translation>이 컴퓨터에 맞는 PyTorch: {title}</translation>
    </message>
    <message>
        <source>PyTorch's own index ({index}) is not reached, so the larger build of the ordinary package index is taken.</source>
        <translation>PyTorch 저장소({index})에 연결되지 않아 일반 패키지 저장소의 더 큰 빌드를 씁니다.</translation>
    </message>
    <message>
        <source>To get the small build later, run `rvc setup --build cpu --torch-index ADDRESS` with a mirror's address.</source>
        <translation>나중에 작은 빌드로 바꾸려면 미러 주소를 넣어 `rvc setup --build cpu --torch-index ADDRESS`를 실행하세요.</translation>
    </message>
    <message>
        <source>A training step on {device} in {dtype} gave the right numbers, in {seconds:.2f} s.</source>
        <translation>{device}에서 {dtype}으로 학습 한 단계를 돌린 결과가 맞습니다({seconds:.2f}초).</translation>
    </message>
</context>
</TS>
