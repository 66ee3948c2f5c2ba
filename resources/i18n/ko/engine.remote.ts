<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>Error</name>
    <message>
        <source>forwarding_refused</source>
        <translation>SSH 서버가 에이전트로의 연결을 허용하지 않습니다.</translation>
    </message>
    <message>
        <source>bad_address</source>
        <translation>컴퓨터 주소가 올바르지 않습니다.</translation>
    </message>
    <message>
        <source>bad_port</source>
        <translation>포트가 올바르지 않습니다.</translation>
    </message>
    <message>
        <source>bad_ssh_config</source>
        <translation>SSH 설정 파일을 읽을 수 없습니다.</translation>
    </message>
    <message>
        <source>too_many_hops</source>
        <translation>~/.ssh/config의 경유 서버 설정이 서로 맞물려 있습니다.</translation>
    </message>
    <message>
        <source>known_computer</source>
        <translation>같은 이름의 컴퓨터가 이미 있습니다.</translation>
    </message>
    <message>
        <source>computer_unreachable</source>
        <translation>컴퓨터에 연결할 수 없습니다.</translation>
    </message>
    <message>
        <source>unknown_host</source>
        <translation>아직 모르는 컴퓨터입니다.</translation>
    </message>
    <message>
        <source>changed_host</source>
        <translation>컴퓨터의 키가 예전과 다릅니다.</translation>
    </message>
    <message>
        <source>secret_wanted</source>
        <translation>비밀번호가 필요합니다.</translation>
    </message>
    <message>
        <source>sign_in_failed</source>
        <translation>로그인할 수 없습니다.</translation>
    </message>
    <message>
        <source>token_wanted</source>
        <translation>에이전트에 토큰이 필요합니다.</translation>
    </message>
    <message>
        <source>unauthorised</source>
        <translation>에이전트가 토큰을 받아들이지 않습니다.</translation>
    </message>
    <message>
        <source>not_ours</source>
        <translation>이 에이전트는 다른 사람이 관리합니다.</translation>
    </message>
    <message>
        <source>not_installed</source>
        <translation>그 컴퓨터에 에이전트가 설치되어 있지 않습니다.</translation>
    </message>
    <message>
        <source>no_python</source>
        <translation>그 컴퓨터에서 쓸 수 있는 Python을 찾지 못했습니다.</translation>
    </message>
    <message>
        <source>no_wheels</source>
        <translation>패키지를 내려받을 수 없습니다.</translation>
    </message>
    <message>
        <source>packages</source>
        <translation>그 컴퓨터에 패키지를 설치하지 못했습니다.</translation>
    </message>
    <message>
        <source>broken_environment</source>
        <translation>그 Python에는 필요한 패키지가 모두 있지 않습니다.</translation>
    </message>
    <message>
        <source>damaged_sources</source>
        <translation>보낸 프로그램이 손상되었습니다.</translation>
    </message>
    <message>
        <source>damaged_upload</source>
        <translation>보내는 도중 파일이 손상되었습니다.</translation>
    </message>
    <message>
        <source>does_not_start</source>
        <translation>에이전트가 시작되지 않습니다.</translation>
    </message>
    <message>
        <source>foreign_agent</source>
        <translation>앱이 설치하지 않은 에이전트가 실행 중입니다.</translation>
    </message>
    <message>
        <source>script_failed</source>
        <translation>설치가 중단되었습니다.</translation>
    </message>
    <message>
        <source>command_failed</source>
        <translation>그 컴퓨터에서 명령이 실패했습니다.</translation>
    </message>
    <message>
        <source>unsupported_system</source>
        <translation>이 운영 체제에서는 에이전트를 실행할 수 없습니다.</translation>
    </message>
    <message>
        <source>not_https</source>
        <translation>이 주소로는 토큰과 녹음이 암호화되지 않은 채 전송됩니다.</translation>
    </message>
</context>
<context>
    <name>Error.hint</name>
    <message>
        <source>forwarding_refused</source>
        <translation>관리자가 sshd_config에 AllowTcpForwarding local을 설정하면 됩니다.</translation>
    </message>
    <message>
        <source>not_https</source>
        <translation>https 주소를 쓰거나 SSH로 연결하세요.</translation>
    </message>
    <message>
        <source>bad_address</source>
        <translation>이름 또는 user@name:port 형식으로 입력하세요.</translation>
    </message>
    <message>
        <source>bad_port</source>
        <translation>1부터 65535 사이의 숫자를 입력하세요.</translation>
    </message>
    <message>
        <source>bad_ssh_config</source>
        <translation>~/.ssh/config 파일을 고친 뒤 다시 시도하세요.</translation>
    </message>
    <message>
        <source>too_many_hops</source>
        <translation>설정을 고친 뒤 다시 시도하세요.</translation>
    </message>
    <message>
        <source>known_computer</source>
        <translation>다른 이름을 고르세요.</translation>
    </message>
    <message>
        <source>computer_unreachable</source>
        <translation>그 컴퓨터가 켜져 있는지, 같은 네트워크에 있는지 확인하세요.</translation>
    </message>
    <message>
        <source>unknown_host</source>
        <translation>그 컴퓨터에서 ssh-keygen -lf 명령이 보여 주는 지문과 비교한 뒤 허용하세요.</translation>
    </message>
    <message>
        <source>changed_host</source>
        <translation>누군가 중간에서 가로채고 있을 수 있어 아무것도 보내지 않았습니다. 컴퓨터를 새로 설치했다면 ssh-keygen -R 명령으로 예전 키를 지우거나, 앱에서 컴퓨터를 제거한 뒤 다시 추가하세요.</translation>
    </message>
    <message>
        <source>secret_wanted</source>
        <translation>로그인하세요.</translation>
    </message>
    <message>
        <source>sign_in_failed</source>
        <translation>사용자와 키 또는 비밀번호를 확인하세요.</translation>
    </message>
    <message>
        <source>token_wanted</source>
        <translation>관리자에게 토큰을 받으세요.</translation>
    </message>
    <message>
        <source>unauthorised</source>
        <translation>관리자에게 새 토큰을 받으세요.</translation>
    </message>
    <message>
        <source>not_ours</source>
        <translation>관리자에게 문의하세요.</translation>
    </message>
    <message>
        <source>not_installed</source>
        <translation>에이전트를 설치하세요.</translation>
    </message>
    <message>
        <source>no_python</source>
        <translation>venv 모듈이 있는 Python 3.11~3.13을 설치하거나, 있는 곳의 경로를 입력하세요.</translation>
    </message>
    <message>
        <source>no_wheels</source>
        <translation>네트워크를 확인한 뒤 다시 시도하세요.</translation>
    </message>
    <message>
        <source>packages</source>
        <translation>다시 설치하면 이미 받은 것은 그대로 씁니다.</translation>
    </message>
    <message>
        <source>broken_environment</source>
        <translation>다른 Python을 고르거나, 비워 두어 앱이 환경을 만들게 하세요.</translation>
    </message>
    <message>
        <source>damaged_sources</source>
        <translation>다시 설치하세요.</translation>
    </message>
    <message>
        <source>damaged_upload</source>
        <translation>다시 시도하세요.</translation>
    </message>
    <message>
        <source>does_not_start</source>
        <translation>그 컴퓨터의 agent.log를 확인하세요.</translation>
    </message>
    <message>
        <source>foreign_agent</source>
        <translation>그대로 사용하거나, 그 컴퓨터에서 먼저 멈추세요.</translation>
    </message>
    <message>
        <source>script_failed</source>
        <translation>다시 시도하세요.</translation>
    </message>
    <message>
        <source>command_failed</source>
        <translation>다시 시도하세요.</translation>
    </message>
    <message>
        <source>unsupported_system</source>
        <translation>Linux 또는 macOS 컴퓨터를 사용하세요.</translation>
    </message>
</context>
</TS>
