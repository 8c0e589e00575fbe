<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>ActiveChannelsModel</name>
    <message>
        <source>all nodes</source>
        <translation>모든 노드</translation>
    </message>
    <message>
        <source>one shard</source>
        <translation>샤드</translation>
    </message>
    <message>
        <source>%1, %2, %3 subscribers</source>
        <translation>%1, %2, 구독자 %3명</translation>
    </message>
    <message>
        <source>Channel</source>
        <translation>채널</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>위치</translation>
    </message>
    <message>
        <source>Listeners</source>
        <translation>수신자</translation>
    </message>
</context>
<context>
    <name>ChooseOrphans</name>
    <message>
        <source>List</source>
        <translation>목록</translation>
    </message>
    <message>
        <source>Move to the owner</source>
        <translation>소유자로 이동</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>삭제</translation>
    </message>
    <message>
        <source>What to do</source>
        <translation>수행할 작업</translation>
    </message>
    <message>
        <source>Moved keys never overwrite keys of the slot&apos;s owner unless you allow it under Advanced. Deleted keys cannot be restored.</source>
        <translation>고급에서 지정하지 않는 한 옮긴 키가 소유자의 키를 덮어쓰지 않습니다. 삭제한 키는 사라집니다.</translation>
    </message>
    <message>
        <source>Looking for orphan keys…</source>
        <translation>고아 키를 찾는 중…</translation>
    </message>
    <message>
        <source>Orphan keys</source>
        <translation>고아 키</translation>
    </message>
    <message>
        <source>Slot</source>
        <translation>슬롯</translation>
    </message>
    <message>
        <source>Lies on</source>
        <translation>있는 노드</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>키</translation>
    </message>
    <message>
        <source>Owner</source>
        <translation>소유자</translation>
    </message>
    <message>
        <source>no node</source>
        <translation>없음</translation>
    </message>
    <message>
        <source>✓ No orphan keys found.</source>
        <translation>✓ 고아 키가 없습니다.</translation>
    </message>
    <message>
        <source>%1 in %2.</source>
        <translation>%2에 %1.</translation>
    </message>
</context>
<context>
    <name>NodeTableModel</name>
    <message>
        <source>State</source>
        <translation>상태</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>역할</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>주소</translation>
    </message>
    <message>
        <source>Node id</source>
        <translation>노드 ID</translation>
    </message>
    <message>
        <source>Shard</source>
        <translation>샤드</translation>
    </message>
    <message>
        <source>Slots</source>
        <translation>슬롯</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>키</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>메모리</translation>
    </message>
    <message>
        <source>Ops/s</source>
        <translation>Ops/s</translation>
    </message>
    <message>
        <source>Clients</source>
        <translation>클라이언트</translation>
    </message>
    <message>
        <source>Lag</source>
        <translation>지연</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>버전</translation>
    </message>
    <message>
        <source>Uptime</source>
        <translation>가동 시간</translation>
    </message>
    <message>
        <source>Reported failed by</source>
        <translation>실패로 판단한 노드</translation>
    </message>
</context>
<context>
    <name>Pages</name>
    <message>
        <source>Topology</source>
        <translation>토폴로지</translation>
    </message>
    <message>
        <source>Slots</source>
        <translation>슬롯</translation>
    </message>
    <message>
        <source>Operations</source>
        <translation>작업</translation>
    </message>
    <message>
        <source>Browser</source>
        <translation>브라우저</translation>
    </message>
    <message>
        <source>Console</source>
        <translation>콘솔</translation>
    </message>
    <message>
        <source>Pub/Sub</source>
        <translation>Pub/Sub</translation>
    </message>
    <message>
        <source>Metrics</source>
        <translation>메트릭</translation>
    </message>
    <message>
        <source>Slow log</source>
        <translation>슬로우 로그</translation>
    </message>
    <message>
        <source>Latency</source>
        <translation>지연 시간</translation>
    </message>
    <message>
        <source>Profiler</source>
        <translation>프로파일러</translation>
    </message>
    <message>
        <source>Clients</source>
        <translation>클라이언트</translation>
    </message>
    <message>
        <source>Config</source>
        <translation>구성</translation>
    </message>
    <message>
        <source>Analysis</source>
        <translation>분석</translation>
    </message>
</context>
<context>
    <name>PlotSpec</name>
    <message>
        <source>Commands</source>
        <translation>명령</translation>
    </message>
    <message>
        <source>per second</source>
        <translation>초당</translation>
    </message>
    <message>
        <source>Hit ratio</source>
        <translation>적중률</translation>
    </message>
    <message>
        <source>CPU</source>
        <translation>CPU</translation>
    </message>
    <message>
        <source>% of one core</source>
        <translation>코어 하나의 %</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>메모리</translation>
    </message>
    <message>
        <source>used; dashed: resident</source>
        <translation>사용량, 점선은 상주 메모리</translation>
    </message>
    <message>
        <source>Clients</source>
        <translation>클라이언트</translation>
    </message>
    <message>
        <source>connected</source>
        <translation>연결됨</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>네트워크</translation>
    </message>
    <message>
        <source>above: out, below: in</source>
        <translation>위: 송신, 아래: 수신</translation>
    </message>
    <message>
        <source>Expired, evicted</source>
        <translation>만료, 축출</translation>
    </message>
    <message>
        <source>keys per second</source>
        <translation>초당 키 수</translation>
    </message>
    <message>
        <source>expired</source>
        <translation>만료됨</translation>
    </message>
    <message>
        <source>evicted</source>
        <translation>축출됨</translation>
    </message>
    <message>
        <source>Replication lag</source>
        <translation>복제 지연</translation>
    </message>
    <message>
        <source>bytes, logarithmic</source>
        <translation>바이트, 로그 눈금</translation>
    </message>
    <message>
        <source>Errors</source>
        <translation>오류</translation>
    </message>
    <message>
        <source>other</source>
        <translation>기타</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>키</translation>
    </message>
    <message>
        <source>Blocked clients</source>
        <translation>블록된 클라이언트</translation>
    </message>
    <message>
        <source>New connections</source>
        <translation>새 연결</translation>
    </message>
    <message>
        <source>accepted</source>
        <translation>수락</translation>
    </message>
    <message>
        <source>rejected</source>
        <translation>거부</translation>
    </message>
    <message>
        <source>Fragmentation</source>
        <translation>메모리 단편화</translation>
    </message>
    <message>
        <source>resident / used</source>
        <translation>상주 / 사용</translation>
    </message>
    <message>
        <source>Persistence</source>
        <translation>영속성</translation>
    </message>
    <message>
        <source>changes since the last save</source>
        <translation>마지막 저장 이후 변경 수</translation>
    </message>
    <message>
        <source>Last fork</source>
        <translation>마지막 fork</translation>
    </message>
    <message>
        <source>ms</source>
        <translation>ms</translation>
    </message>
</context>
<context>
    <name>SubscriptionList</name>
    <message>
        <source>channel</source>
        <translation>채널</translation>
    </message>
    <message>
        <source>pattern</source>
        <translation>패턴</translation>
    </message>
    <message>
        <source>shard</source>
        <translation>샤드</translation>
    </message>
    <message>
        <source>keys</source>
        <translation>키</translation>
    </message>
    <message>
        <source>Subscriptions</source>
        <translation>구독</translation>
    </message>
    <message>
        <source>%1/s</source>
        <translation>%1/s</translation>
    </message>
    <message>
        <source>%1 messages, %2</source>
        <translation>메시지 %1개, %2</translation>
    </message>
    <message>
        <source>Pause	Enter</source>
        <translation>일시 중지	Enter</translation>
    </message>
    <message>
        <source>Copy the name	Ctrl+C</source>
        <translation>이름 복사	Ctrl+C</translation>
    </message>
    <message>
        <source>Unsubscribe	Del</source>
        <translation>구독 취소	Del</translation>
    </message>
    <message>
        <source>Resume	Enter</source>
        <translation>다시 시작	Enter</translation>
    </message>
</context>
<context>
    <name>TypeBadge</name>
    <message>
        <source>string</source>
        <translation>문자열</translation>
    </message>
    <message>
        <source>hash</source>
        <translation>해시</translation>
    </message>
    <message>
        <source>list</source>
        <translation>리스트</translation>
    </message>
    <message>
        <source>set</source>
        <translation>집합</translation>
    </message>
    <message>
        <source>sorted set</source>
        <translation>정렬된 집합</translation>
    </message>
    <message>
        <source>stream</source>
        <translation>스트림</translation>
    </message>
    <message>
        <source>JSON</source>
        <translation>JSON</translation>
    </message>
    <message>
        <source>module type</source>
        <translation>모듈 유형</translation>
    </message>
</context>
<context>
    <name>Words</name>
    <message>
        <source>DEV</source>
        <translation>개발</translation>
    </message>
    <message>
        <source>STAGING</source>
        <translation>스테이징</translation>
    </message>
    <message>
        <source>PRODUCTION</source>
        <translation>프로덕션</translation>
    </message>
    <message>
        <source>Show the password</source>
        <translation>비밀번호 표시</translation>
    </message>
    <message>
        <source>Hide the password</source>
        <translation>비밀번호 숨기기</translation>
    </message>
</context>
<context>
    <name>slotscope</name>
    <message>
        <source>it belongs to another user (uid %1); choose a file or folder that you own</source>
        <translation>다른 사용자(uid %1)의 것입니다. 본인의 것을 지정하세요</translation>
    </message>
    <message>
        <source>other users can write to it (mode %1), so %2. Remove that permission (chmod go-w), or choose another file or folder</source>
        <translation>다른 사용자가 쓸 수 있습니다(모드 %1). 따라서 %2. 그 권한을 없애거나(chmod go-w) 다른 것을 지정하세요</translation>
    </message>
    <message>
        <source>another user could change what this program reads from it</source>
        <translation>이 프로그램이 읽는 내용을 다른 사람이 바꿀 수 있습니다</translation>
    </message>
    <message>
        <source>this is not a line of CLIENT LIST: %1</source>
        <translation>CLIENT LIST의 줄이 아닙니다: %1</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>중지됨</translation>
    </message>
    <message>
        <source>closed</source>
        <translation>닫힘</translation>
    </message>
    <message>
        <source>A command may use keys of one slot only; these keys are in %1. Keys with the same part in braces, such as {cart:1}:items and {cart:1}:total, share a slot.</source>
        <translation>한 명령은 한 슬롯의 키만 다룰 수 있는데, 이 키들은 슬롯 %1에 있습니다. {cart:1}:items와 {cart:1}:total처럼 중괄호 안이 같은 키는 같은 슬롯에 있습니다.</translation>
    </message>
    <message>
        <source>A command may use keys of one slot only.</source>
        <translation>한 명령은 한 슬롯의 키만 다룰 수 있습니다.</translation>
    </message>
    <message>
        <source>The ACL does not let this user access the channel.</source>
        <translation>사용자가 이 채널을 사용할 수 없습니다.</translation>
    </message>
    <message>
        <source>The ACL does not let this user access at least one of the keys.</source>
        <translation>사용자가 키 중 하나를 다룰 수 없습니다.</translation>
    </message>
    <message>
        <source>The ACL does not let this user run this command.</source>
        <translation>사용자가 이 명령을 실행할 수 없습니다.</translation>
    </message>
    <message>
        <source>Slot %1 is being migrated to %2, and this key has already been moved. With “Follow redirects”, the command is sent there after ASKING.</source>
        <translation>슬롯 %1이(가) %2(으)로 이동 중이며 이 키는 이미 옮겨졌습니다. “리다이렉트 따라가기”를 켜면 ASKING 뒤에 명령을 그곳으로 보냅니다.</translation>
    </message>
    <message>
        <source>According to the last topology read, the owner is %1.</source>
        <translation>현재 정보로는 %1입니다.</translation>
    </message>
    <message>
        <source>No node serves the slot of this key. The Topology page shows which slots have no owner.</source>
        <translation>키의 슬롯을 서비스하는 노드가 없습니다. 소유자 없는 슬롯은 토폴로지에서 볼 수 있습니다.</translation>
    </message>
    <message>
        <source>This node considers the cluster to be down: some slots have no owner, or it reaches too few primaries (cluster-require-full-coverage).</source>
        <translation>노드가 클러스터를 다운 상태로 봅니다. 소유자 없는 슬롯이 있거나 보이는 프라이머리가 너무 적습니다(cluster-require-full-coverage).</translation>
    </message>
    <message>
        <source>The slot is being migrated, and the keys are spread over both nodes. The error stops when all of them have arrived.</source>
        <translation>슬롯이 다른 노드로 이동 중이고 키가 양쪽에 나뉘어 있습니다. 모두 도착하면 해결됩니다.</translation>
    </message>
    <message>
        <source>This node is a replica: writes go to its primary. Send to the cluster, or to the primary.</source>
        <translation>노드가 레플리카입니다. 쓰기는 프라이머리로 보내야 합니다. 탭의 대상을 클러스터나 프라이머리로 바꾸세요.</translation>
    </message>
    <message>
        <source>The server requires a password first: AUTH user password.</source>
        <translation>서버가 먼저 비밀번호를 요구합니다: AUTH user password.</translation>
    </message>
    <message>
        <source>The user name or the password is wrong, or the user is disabled. Slotscope stores neither.</source>
        <translation>사용자나 비밀번호가 올바르지 않거나 사용자가 꺼져 있습니다. 어디에도 저장되지 않습니다.</translation>
    </message>
    <message>
        <source>The server has reached maxmemory, and its maxmemory-policy lets it evict nothing (more). Reads and deletes still work.</source>
        <translation>서버가 maxmemory를 모두 사용했고, maxmemory-policy 때문에 (더 이상) 축출할 수 없습니다. 읽기와 삭제는 계속할 수 있습니다.</translation>
    </message>
    <message>
        <source>The last save to disk failed, so the server refuses writes (stop-writes-on-bgsave-error). Check the disk, and rdb_last_bgsave_status in INFO.</source>
        <translation>마지막 디스크 저장이 실패하여 서버가 쓰기를 받지 않습니다(stop-writes-on-bgsave-error). 디스크와 INFO의 rdb_last_bgsave_status를 확인하세요.</translation>
    </message>
    <message>
        <source>The server is busy with a script or function and serves nothing else. SCRIPT KILL or FUNCTION KILL stops it if it has not written yet; send that to this node.</source>
        <translation>서버에서 스크립트나 함수가 실행 중이라 다른 요청을 처리하지 않습니다. SCRIPT KILL 또는 FUNCTION KILL은 아직 쓰지 않은 것을 끝냅니다. 대상을 노드로 바꾸어 보내세요.</translation>
    </message>
    <message>
        <source>The server is loading its data from disk. INFO persistence shows the remaining time (loading_eta_seconds).</source>
        <translation>서버가 디스크에서 데이터를 읽고 있습니다. 진행 상황은 INFO persistence(loading_eta_seconds)에서 볼 수 있습니다.</translation>
    </message>
    <message>
        <source>The replica has lost the link to its primary, and replica-serve-stale-data is set to no.</source>
        <translation>레플리카가 프라이머리와 끊어졌고 replica-serve-stale-data가 no입니다.</translation>
    </message>
    <message>
        <source>The key has another type than this command works on. TYPE shows it.</source>
        <translation>키의 유형이 명령이 다루는 유형과 다릅니다. TYPE으로 확인할 수 있습니다.</translation>
    </message>
    <message>
        <source>The server refused a command of the transaction when it was queued, so no command ran.</source>
        <translation>트랜잭션의 명령 하나가 대기열에 넣을 때 거부되어 아무것도 실행되지 않았습니다.</translation>
    </message>
    <message>
        <source>This node does not know the script: each node has a script cache of its own. Load it there with SCRIPT LOAD, or use EVAL.</source>
        <translation>이 노드에는 그 스크립트가 없습니다. 스크립트는 노드마다 따로 있습니다. 그곳에서 SCRIPT LOAD를 실행하거나 EVAL을 사용하세요.</translation>
    </message>
    <message>
        <source>Fewer replicas are connected than min-replicas-to-write requires.</source>
        <translation>연결된 레플리카 수가 min-replicas-to-write보다 적습니다.</translation>
    </message>
    <message>
        <source>This server does not know the command, or the command was renamed there.</source>
        <translation>이 서버에 그 명령이 없거나 이름이 바뀌었습니다.</translation>
    </message>
    <message>
        <source>A cluster has only database 0 (Valkey 9: as many databases as cluster-databases sets).</source>
        <translation>클러스터에는 데이터베이스 0만 있습니다(Valkey 9는 cluster-databases에 설정된 만큼).</translation>
    </message>
    <message>
        <source>BSON text must be a document: {…}</source>
        <translation>BSON은 문서입니다: {…}</translation>
    </message>
    <message>
        <source>no character set is named “%1”</source>
        <translation>“%1” 문자 집합은 없습니다</translation>
    </message>
    <message>
        <source>%1 cannot encode “%2” (character %3)</source>
        <translation>%1에 “%2” 문자가 없습니다(%3번째 문자)</translation>
    </message>
    <message>
        <source>Only a part of the value was decoded.</source>
        <translation>일부만 디코드했습니다.</translation>
    </message>
    <message>
        <source>The value could not be decoded to its end: %1.</source>
        <translation>끝까지 읽을 수 없습니다: %1.</translation>
    </message>
    <message>
        <source>the result of encoding as %1 does not decode to the same value%2; nothing was encoded</source>
        <translation>%1(으)로 만든 결과가 다시 같은 내용으로 디코드되지 않습니다%2. 아무것도 만들지 않았습니다</translation>
    </message>
    <message>
        <source>the result of encoding as %1 does not read as the same value; nothing was encoded</source>
        <translation>%1(으)로 만든 결과가 다시 같은 내용으로 읽히지 않습니다. 아무것도 만들지 않았습니다</translation>
    </message>
    <message>
        <source>Encoding the value again gives the same bytes.</source>
        <translation>다시 인코드하면 같은 바이트가 됩니다.</translation>
    </message>
    <message>
        <source>Encoding the value again gives different outer bytes, from byte %1 on, but the same content.</source>
        <translation>다시 인코드하면 %1번째 바이트부터 바깥 바이트가 다르고 내용은 같습니다.</translation>
    </message>
    <message>
        <source>Encoding the value again gives different bytes, from byte %1 on, that decode to the same value.</source>
        <translation>다시 인코드하면 %1번째 바이트부터 바이트는 다르지만 같은 내용으로 읽힙니다.</translation>
    </message>
    <message>
        <source>Encoding the value again gives a different value, from byte %1 on.</source>
        <translation>다시 인코드하면 %1번째 바이트부터 다른 내용이 됩니다.</translation>
    </message>
    <message>
        <source>this is not data of .NET&apos;s BinaryFormatter</source>
        <translation>.NET BinaryFormatter의 데이터가 아닙니다</translation>
    </message>
    <message>
        <source>.NET objects can only be read by their program: Slotscope shows them as hex and cannot edit them.</source>
        <translation>.NET 객체는 프로그램에 속하므로 16진수로 보기만 합니다.</translation>
    </message>
    <message>
        <source>Data of .NET&apos;s BinaryFormatter: it can make a program that loads it run any code. Slotscope only shows it.</source>
        <translation>.NET BinaryFormatter: 이를 로드하는 프로그램은 무엇이든 실행하게 될 수 있습니다. 여기에서는 보여 주기만 합니다.</translation>
    </message>
    <message>
        <source>Names found in it: %1</source>
        <translation>포함된 이름: %1</translation>
    </message>
    <message>
        <source>%1 has no option “%2”</source>
        <translation>%1에는 “%2” 옵션이 없습니다</translation>
    </message>
    <message>
        <source>no format is named “%1”</source>
        <translation>“%1” 형식은 없습니다</translation>
    </message>
    <message>
        <source>A HyperLogLog can be changed with PFADD and PFMERGE only.</source>
        <translation>HyperLogLog는 PFADD와 PFMERGE로만 변경합니다.</translation>
    </message>
    <message>
        <source>this is not a HyperLogLog of Redis</source>
        <translation>Redis의 HyperLogLog가 아닙니다</translation>
    </message>
    <message>
        <source>the HyperLogLog does not have %1 registers</source>
        <translation>레지스터 수가 %1이(가) 아닙니다</translation>
    </message>
    <message>
        <source>The count cached in the header is out of date; this one was computed from the registers. PFCOUNT would update the header.</source>
        <translation>헤더의 개수가 최신이 아니어서 레지스터로 다시 계산했습니다. PFCOUNT를 실행하면 기록됩니다.</translation>
    </message>
    <message>
        <source>An estimate (standard error 0.81 %); this is the count cached in the header.</source>
        <translation>추정값입니다(표준 오차 0.81 %). 헤더에는 마지막 값이 있습니다.</translation>
    </message>
    <message>
        <source>this is not igbinary data of version 1 or 2</source>
        <translation>igbinary 버전 1 또는 2가 아닙니다</translation>
    </message>
    <message>
        <source>this is not an image of a known format</source>
        <translation>알려진 종류의 이미지가 아닙니다</translation>
    </message>
    <message>
        <source>Replace an image from a file, or edit it as hex.</source>
        <translation>이미지는 파일로 바꾸거나 16진수로 편집합니다.</translation>
    </message>
    <message>
        <source>%1 image, %2 × %3</source>
        <translation>%1 이미지, %2 × %3</translation>
    </message>
    <message>
        <source>A token is signed: after a change it needs a new signature.</source>
        <translation>토큰은 서명되어 있어, 변경하면 다시 서명해야 합니다.</translation>
    </message>
    <message>
        <source>a token has three parts separated by dots</source>
        <translation>토큰은 점으로 구분된 세 부분으로 이루어집니다</translation>
    </message>
    <message>
        <source>the header or the payload is not JSON: %1</source>
        <translation>헤더 또는 페이로드가 JSON이 아닙니다: %1</translation>
    </message>
    <message>
        <source>The signature was not verified: the token may be forged.</source>
        <translation>서명을 확인하지 않았습니다. 이 토큰이 진짜인지는 보장되지 않습니다.</translation>
    </message>
    <message>
        <source>the checksum does not match the data (CRC mismatch)</source>
        <translation>체크섬이 데이터와 맞지 않습니다(CRC 불일치)</translation>
    </message>
    <message>
        <source>unexpected end of data</source>
        <translation>데이터가 예상보다 일찍 끝났습니다</translation>
    </message>
    <message>
        <source>zlib reported error %1</source>
        <translation>zlib 오류 %1</translation>
    </message>
    <message>
        <source>zlib could not be initialised</source>
        <translation>zlib을 시작하지 못했습니다</translation>
    </message>
    <message>
        <source>decompressing it needs a dictionary, which it does not contain</source>
        <translation>데이터에 포함되지 않은 사전이 필요합니다</translation>
    </message>
    <message>
        <source>%1 byte(s) after the end of the compressed data</source>
        <translation>압축 데이터 뒤에 %1바이트가 더 있습니다</translation>
    </message>
    <message>
        <source>%1 gzip members in a row; saving writes a single one</source>
        <translation>gzip 멤버 %1개가 이어져 있으며, 저장하면 하나가 됩니다</translation>
    </message>
    <message>
        <source>the gzip header has optional fields (name, comment or extra): they are kept</source>
        <translation>gzip 헤더에 자체 필드(이름, 주석, 추가 필드)가 있으며 그대로 유지됩니다</translation>
    </message>
    <message>
        <source>this is not Java serialization data of version 5</source>
        <translation>Java 직렬화 버전 5가 아닙니다</translation>
    </message>
    <message>
        <source>it is nested deeper than %1 levels</source>
        <translation>%1단계보다 깊습니다</translation>
    </message>
    <message>
        <source>%1 is not a type code of Java serialization</source>
        <translation>Java 직렬화에 코드 %1이(가) 없습니다</translation>
    </message>
    <message>
        <source>%1 MessagePack values in a row</source>
        <translation>MessagePack 값 %1개가 이어져 있습니다</translation>
    </message>
    <message>
        <source>beyond year 9999</source>
        <translation>9999년 이후</translation>
    </message>
    <message>
        <source>this is not an integer</source>
        <translation>정수가 아닙니다</translation>
    </message>
    <message>
        <source>%1 UTC</source>
        <translation>%1 UTC</translation>
    </message>
    <message>
        <source>Read as a Unix time in %1, this is %2.</source>
        <translation>%1 단위의 유닉스 시간으로 보면 %2입니다.</translation>
    </message>
    <message>
        <source>an IP address has 4 or 16 bytes</source>
        <translation>주소는 4바이트 또는 16바이트입니다</translation>
    </message>
    <message>
        <source>a UUID has 16 bytes</source>
        <translation>UUID는 16바이트입니다</translation>
    </message>
    <message>
        <source>the length is not a multiple of %1</source>
        <translation>길이가 %1의 배수가 아닙니다</translation>
    </message>
    <message>
        <source>%1 number(s)</source>
        <translation>숫자 %1개</translation>
    </message>
    <message>
        <source>%1 of %2 bits are set; bit 0 is the highest bit of the first byte, as in GETBIT.</source>
        <translation>%2비트 중 %1비트가 켜져 있습니다. 비트 0은 GETBIT처럼 첫 바이트의 최상위 비트입니다.</translation>
    </message>
    <message>
        <source>Bits set: %1</source>
        <translation>켜진 비트: %1</translation>
    </message>
    <message>
        <source>a geo score is an integer of 52 bits</source>
        <translation>지리 점수는 52비트 정수입니다</translation>
    </message>
    <message>
        <source>longitude %1, latitude %2</source>
        <translation>경도 %1, 위도 %2</translation>
    </message>
    <message>
        <source>a vector is an array of numbers</source>
        <translation>벡터는 숫자 배열입니다</translation>
    </message>
    <message>
        <source>“%1” is not a number that a vector can hold</source>
        <translation>“%1”은(는) 벡터의 숫자가 아닙니다</translation>
    </message>
    <message>
        <source>a UUID is 32 hex digits</source>
        <translation>UUID는 16진수 32자리입니다</translation>
    </message>
    <message>
        <source>“%1” is not an IP address</source>
        <translation>“%1”은(는) IP 주소가 아닙니다</translation>
    </message>
    <message>
        <source>the number of bits in the grid is not a multiple of 8</source>
        <translation>격자의 비트가 바이트 단위로 채워지지 않습니다</translation>
    </message>
    <message>
        <source>%1 is an unpacking step; it cannot be the last step of a chain</source>
        <translation>%1은(는) 푸는 단계라 체인의 끝이 될 수 없습니다</translation>
    </message>
    <message>
        <source>“%1” is not an integer</source>
        <translation>“%1”은(는) 정수가 아닙니다</translation>
    </message>
    <message>
        <source>%1 can only be shown</source>
        <translation>%1은(는) 보기만 할 수 있습니다</translation>
    </message>
    <message>
        <source>a session is an object of names and values</source>
        <translation>세션은 이름과 값의 객체입니다</translation>
    </message>
    <message>
        <source>a message is an object: field numbers and their values</source>
        <translation>메시지는 필드 번호와 값으로 이루어진 객체입니다</translation>
    </message>
    <message>
        <source>the size at the beginning is impossible</source>
        <translation>앞에 적힌 크기가 불가능한 값입니다</translation>
    </message>
    <message>
        <source>the data is damaged</source>
        <translation>데이터가 손상되었습니다</translation>
    </message>
    <message>
        <source>a chunk has the unknown type %1</source>
        <translation>알 수 없는 종류 %1의 청크</translation>
    </message>
    <message>
        <source>this does not begin with the header that snappy-java writes</source>
        <translation>snappy-java가 쓰는 시작 부분이 아닙니다</translation>
    </message>
    <message>
        <source>brotli could not compress it</source>
        <translation>brotli로 압축하지 못했습니다</translation>
    </message>
    <message>
        <source>this LZF data is damaged or incomplete</source>
        <translation>온전한 LZF 데이터가 아닙니다</translation>
    </message>
    <message>
        <source>LZF could not compress it</source>
        <translation>LZF로 압축하지 못했습니다</translation>
    </message>
    <message>
        <source>base64 with line breaks; saving writes one line</source>
        <translation>줄 바꿈이 있는 base64이며, 저장하면 한 줄이 됩니다</translation>
    </message>
    <message>
        <source>this base64 text is invalid or incomplete</source>
        <translation>온전한 base64 텍스트가 아닙니다</translation>
    </message>
    <message>
        <source>the value is shorter than the prefix</source>
        <translation>접두사보다 짧습니다</translation>
    </message>
    <message>
        <source>this is not valid text in %1</source>
        <translation>%1 텍스트가 아닙니다</translation>
    </message>
    <message>
        <source>this is not a JSON text that consists of one string</source>
        <translation>문자열 하나로 된 JSON 텍스트가 아닙니다</translation>
    </message>
    <message>
        <source>the string contains half of a surrogate pair</source>
        <translation>문자열에 문자의 절반만 들어 있습니다</translation>
    </message>
    <message>
        <source>this is not a serialized PHP string</source>
        <translation>PHP 문자열이 아닙니다</translation>
    </message>
    <message>
        <source>the length of the PHP string is missing</source>
        <translation>PHP 문자열의 길이가 없습니다</translation>
    </message>
    <message>
        <source>the PHP string does not end at the length that it states</source>
        <translation>PHP 문자열이 길이 값에 맞는 곳에서 끝나지 않습니다</translation>
    </message>
    <message>
        <source>the output is larger than %1: decoding stopped there</source>
        <translation>결과가 %1을(를) 넘어 거기에서 멈췄습니다</translation>
    </message>
    <message>
        <source>the value has more than %1 members: decoding stopped there</source>
        <translation>멤버가 %1개를 넘어 거기에서 멈췄습니다</translation>
    </message>
    <message>
        <source>decoding took longer than %1 and was stopped</source>
        <translation>%1보다 오래 걸려 거기에서 멈췄습니다</translation>
    </message>
    <message>
        <source>decoding was stopped</source>
        <translation>중지되었습니다</translation>
    </message>
    <message>
        <source>%1 is not an unpacking step</source>
        <translation>%1은(는) 푸는 단계가 아닙니다</translation>
    </message>
    <message>
        <source>it is nested deeper than %1 levels: only those are shown</source>
        <translation>%1단계보다 깊어 거기까지만 표시합니다</translation>
    </message>
    <message>
        <source>%1 byte(s) after the end of the value</source>
        <translation>값의 끝 뒤에 %1바이트가 더 있습니다</translation>
    </message>
    <message>
        <source>this byte is not valid text in %1</source>
        <translation>이 바이트는 %1 텍스트가 아닙니다</translation>
    </message>
    <message>
        <source>Not all of it is valid text in this character set: choose another one, or hex.</source>
        <translation>전체가 이 문자 집합의 텍스트는 아닙니다. 다른 문자 집합이나 16진수를 선택하세요.</translation>
    </message>
    <message>
        <source>The value begins with a byte order mark, which is kept.</source>
        <translation>바이트 순서 표시(BOM)로 시작하며 그대로 유지됩니다.</translation>
    </message>
    <message>
        <source>line %1 contains something that is not a pair of hex digits</source>
        <translation>%1번째 줄에 16진수 쌍이 아닌 것이 있습니다</translation>
    </message>
    <message>
        <source>The value is not JSON: edit it as text.</source>
        <translation>JSON이 아닙니다. 텍스트로 편집하세요.</translation>
    </message>
    <message>
        <source>NaN and Infinity are not JSON (RFC 8259), but some programs write them. They are kept unchanged.</source>
        <translation>NaN이나 Infinity는 JSON이 아니지만(RFC 8259) 일부 프로그램이 그렇게 씁니다. 그대로 유지합니다.</translation>
    </message>
    <message>
        <source>The tree is cut at a limit of depth or number of members; the text is complete.</source>
        <translation>트리는 깊이 또는 멤버 한도에서 끝나지만 텍스트는 온전합니다.</translation>
    </message>
    <message>
        <source>the text contains half of a surrogate pair</source>
        <translation>텍스트에 문자의 절반만 들어 있습니다</translation>
    </message>
    <message>
        <source>line %1, column %2: %3</source>
        <translation>%1번째 줄, %2번째 열: %3</translation>
    </message>
    <message>
        <source>the text is too large or too deeply nested to be encoded</source>
        <translation>텍스트가 너무 크거나 깊어 인코드할 수 없습니다</translation>
    </message>
    <message>
        <source>the size at the beginning, %1, is more than %2 byte(s) can decompress to</source>
        <translation>앞에 적힌 크기 %1은(는) %2바이트가 담을 수 있는 것보다 큽니다</translation>
    </message>
    <message>
        <source>the size at the beginning is %1, but the block contains %2</source>
        <translation>앞에 적힌 크기는 %1인데 블록에는 %2이(가) 있습니다</translation>
    </message>
    <message>
        <source>this LZ4 block is damaged or incomplete</source>
        <translation>온전한 LZ4 블록이 아닙니다</translation>
    </message>
    <message>
        <source>%1 zstd frames in a row; saving writes a single one</source>
        <translation>zstd 프레임 %1개가 이어져 있으며, 저장하면 하나가 됩니다</translation>
    </message>
    <message>
        <source>lz4 could not be initialised</source>
        <translation>lz4를 시작하지 못했습니다</translation>
    </message>
    <message>
        <source>the checksum of the size does not match</source>
        <translation>크기의 체크섬이 맞지 않습니다</translation>
    </message>
    <message>
        <source>this is not a MessagePack extension of type 99</source>
        <translation>MessagePack 확장 유형 99가 아닙니다</translation>
    </message>
    <message>
        <source>an LZ4 block holds at most 2 GB</source>
        <translation>LZ4 블록은 최대 2 GB입니다</translation>
    </message>
    <message>
        <source>the cluster is not connected yet</source>
        <translation>클러스터가 아직 연결되지 않았습니다</translation>
    </message>
    <message>
        <source>the regular expression has an error at character %1: %2</source>
        <translation>정규 표현식의 %1번째 문자가 잘못되었습니다: %2</translation>
    </message>
    <message>
        <source>the reply of SCAN is not a cursor with a list of keys</source>
        <translation>응답이 커서와 키가 아닙니다</translation>
    </message>
    <message>
        <source>%1 keys</source>
        <translation>키 %1개</translation>
    </message>
    <message>
        <source>%1 keys found among ≈ %2</source>
        <translation>≈ %2개 중 키 %1개를 찾음</translation>
    </message>
    <message>
        <source>%1 of ≈ %2 keys</source>
        <translation>≈ %2개 중 키 %1개</translation>
    </message>
    <message>
        <source>%1 of %2 replicas</source>
        <translation>레플리카 %2개 중 %1개</translation>
    </message>
    <message>
        <source>%1 of %2 primaries</source>
        <translation>프라이머리 %2개 중 %1개</translation>
    </message>
    <message>
        <source>%1 of %2 nodes</source>
        <translation>노드 %2개 중 %1개</translation>
    </message>
    <message>
        <source>slots not read: %1</source>
        <translation>읽지 않은 슬롯: %1</translation>
    </message>
    <message>
        <source>not a latency histogram: %1</source>
        <translation>지연 시간 히스토그램이 아닙니다: %1</translation>
    </message>
    <message>
        <source>not a list of latency events</source>
        <translation>지연 이벤트 목록이 아닙니다</translation>
    </message>
    <message>
        <source>not a latency event</source>
        <translation>지연 이벤트가 아닙니다</translation>
    </message>
    <message>
        <source>not a latency history</source>
        <translation>지연 기록이 아닙니다</translation>
    </message>
    <message>
        <source>not an entry of a latency history</source>
        <translation>지연 기록의 줄이 아닙니다</translation>
    </message>
    <message>
        <source>a command took long: see the slow log</source>
        <translation>명령이 오래 실행됨: 슬로우 로그를 확인하세요</translation>
    </message>
    <message>
        <source>a command of constant complexity was slow: the machine was busy, or memory was swapped</source>
        <translation>상수 시간 명령이 느렸음: 서버가 바빴거나 메모리가 스왑됨</translation>
    </message>
    <message>
        <source>forking the process for a snapshot or an append-only file rewrite</source>
        <translation>스냅샷 또는 AOF 재작성을 위한 프로세스 복사</translation>
    </message>
    <message>
        <source>removing a snapshot file</source>
        <translation>스냅샷 파일 제거</translation>
    </message>
    <message>
        <source>writing the append-only file</source>
        <translation>AOF 기록</translation>
    </message>
    <message>
        <source>fsync of the append-only file (appendfsync always)</source>
        <translation>AOF fsync(appendfsync always)</translation>
    </message>
    <message>
        <source>writing the append-only file while an fsync was running: the disk was busy</source>
        <translation>fsync 중의 AOF 기록: 디스크가 바빴음</translation>
    </message>
    <message>
        <source>writing the append-only file while a child process was writing too</source>
        <translation>자식 프로세스도 쓰는 동안의 AOF 기록</translation>
    </message>
    <message>
        <source>writing the append-only file while nothing else was using the disk</source>
        <translation>다른 디스크 사용이 없는 동안의 AOF 기록</translation>
    </message>
    <message>
        <source>reading the size of the append-only file</source>
        <translation>AOF의 크기 확인</translation>
    </message>
    <message>
        <source>renaming the append-only file after a rewrite</source>
        <translation>재작성 후 AOF 이름 변경</translation>
    </message>
    <message>
        <source>writing the changes that arrived during an append-only file rewrite</source>
        <translation>AOF 재작성 중에 들어온 내용 기록</translation>
    </message>
    <message>
        <source>defragmenting memory</source>
        <translation>메모리 단편화 제거</translation>
    </message>
    <message>
        <source>deleting expired keys</source>
        <translation>TTL이 끝난 키 삭제</translation>
    </message>
    <message>
        <source>evicting keys because maxmemory was reached</source>
        <translation>공간 확보: maxmemory에 도달함</translation>
    </message>
    <message>
        <source>evicting a single key</source>
        <translation>공간 확보를 위한 키 하나 삭제</translation>
    </message>
    <message>
        <source>waiting for memory that is being freed in the background</source>
        <translation>백그라운드 메모리 해제 대기</translation>
    </message>
    <message>
        <source>deleting a single expired key</source>
        <translation>TTL이 끝난 키 하나 삭제</translation>
    </message>
    <message>
        <source>waiting for a module that held the server&apos;s global lock</source>
        <translation>서버 잠금을 쥔 모듈 대기</translation>
    </message>
    <message>
        <source>periodic tasks while a script or loading blocked the server</source>
        <translation>스크립트나 데이터 로드로 서버가 멈춘 동안의 유지 작업</translation>
    </message>
    <message>
        <source>continuing a command that had been blocked</source>
        <translation>블록되었던 명령 재개</translation>
    </message>
    <message>
        <source>this node is not known</source>
        <translation>그런 노드를 알지 못합니다</translation>
    </message>
    <message>
        <source>%1 within %2 s</source>
        <translation>%2초 안에 되지 않음: %1</translation>
    </message>
    <message>
        <source>not all nodes joined the cluster</source>
        <translation>일부 노드가 참여하지 않았습니다</translation>
    </message>
    <message>
        <source>the nodes did not agree on the topology</source>
        <translation>노드의 정보가 일치하지 않았습니다</translation>
    </message>
    <message>
        <source>not all replicas connected to their primaries</source>
        <translation>레플리카가 연결되지 않았습니다</translation>
    </message>
    <message numerus="yes">
        <source>%n slot(s) moved</source>
        <translation>
            <numerusform>슬롯 %n개 이동됨</numerusform>
        </translation>
    </message>
    <message>
        <source>it is not a file that Slotscope wrote</source>
        <translation>Slotscope의 기록이 아닙니다</translation>
    </message>
    <message>
        <source>it is truncated, or it was changed</source>
        <translation>잘렸거나 변경되었습니다</translation>
    </message>
    <message>
        <source>its content is not understood</source>
        <translation>읽을 수 없습니다</translation>
    </message>
    <message>
        <source>no address was given</source>
        <translation>주소가 없습니다</translation>
    </message>
    <message>
        <source>this is not a server address: %1</source>
        <translation>서버의 주소가 아닙니다: %1</translation>
    </message>
    <message>
        <source>The address of Prometheus must begin with http or https</source>
        <translation>Prometheus에는 http 또는 https로 접속합니다</translation>
    </message>
    <message>
        <source>enter the user name and password in the fields below the address</source>
        <translation>사용자와 비밀번호는 주소 아래의 칸에 입력하세요</translation>
    </message>
    <message>
        <source>Prometheus: %1</source>
        <translation>Prometheus: %1</translation>
    </message>
    <message>
        <source>this is not a reply of Prometheus</source>
        <translation>Prometheus의 응답이 아닙니다</translation>
    </message>
    <message>
        <source>Prometheus replied without a result</source>
        <translation>Prometheus가 결과 없이 응답했습니다</translation>
    </message>
    <message>
        <source>two series match %1; the one with instance %2 is used</source>
        <translation>%1의 시계열이 두 개 있어 인스턴스 %2을(를) 사용합니다</translation>
    </message>
    <message>
        <source>two series match %1; the one with job %2 is used</source>
        <translation>%1의 시계열이 두 개 있어 job %2을(를) 사용합니다</translation>
    </message>
    <message>
        <source>%1 series match %2; the one with job %3 is used</source>
        <translation>%2의 시계열이 %1개 있어 job %3을(를) 사용합니다</translation>
    </message>
    <message>
        <source>Commands</source>
        <translation>명령</translation>
    </message>
    <message>
        <source>Hits</source>
        <translation>적중</translation>
    </message>
    <message>
        <source>Misses</source>
        <translation>실패</translation>
    </message>
    <message>
        <source>CPU</source>
        <translation>CPU</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>메모리</translation>
    </message>
    <message>
        <source>Resident memory</source>
        <translation>상주 메모리</translation>
    </message>
    <message>
        <source>maxmemory</source>
        <translation>maxmemory</translation>
    </message>
    <message>
        <source>Fragmentation</source>
        <translation>메모리 단편화</translation>
    </message>
    <message>
        <source>Clients</source>
        <translation>클라이언트</translation>
    </message>
    <message>
        <source>Blocked clients</source>
        <translation>블록된 클라이언트</translation>
    </message>
    <message>
        <source>New connections</source>
        <translation>새 연결</translation>
    </message>
    <message>
        <source>Rejected connections</source>
        <translation>거부된 연결</translation>
    </message>
    <message>
        <source>Network in</source>
        <translation>네트워크 수신</translation>
    </message>
    <message>
        <source>Network out</source>
        <translation>네트워크 송신</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>키</translation>
    </message>
    <message>
        <source>Expired keys</source>
        <translation>만료된 키</translation>
    </message>
    <message>
        <source>Evicted keys</source>
        <translation>축출된 키</translation>
    </message>
    <message>
        <source>Replication lag</source>
        <translation>복제 지연</translation>
    </message>
    <message>
        <source>Unsaved changes</source>
        <translation>저장하지 않은 변경 내용</translation>
    </message>
    <message>
        <source>Last fork</source>
        <translation>마지막 fork</translation>
    </message>
    <message>
        <source>MOVED and ASK redirects</source>
        <translation>MOVED 및 ASK</translation>
    </message>
    <message>
        <source>CLUSTERDOWN and TRYAGAIN errors</source>
        <translation>CLUSTERDOWN 및 TRYAGAIN</translation>
    </message>
    <message>
        <source>Other errors</source>
        <translation>기타 오류</translation>
    </message>
    <message>
        <source>Hit ratio</source>
        <translation>적중률</translation>
    </message>
    <message>
        <source>Memory in % of maxmemory</source>
        <translation>maxmemory 대비 메모리</translation>
    </message>
    <message>
        <source>“%1” is not a rule such as “memory&gt;100mb for 5s on nodes”</source>
        <translation>“%1”은(는) “memory&gt;100mb for 5s on nodes” 같은 규칙이 아닙니다</translation>
    </message>
    <message>
        <source>“%1” is not a limit such as 100mb, 1.5gb or 20000</source>
        <translation>“%1”은(는) 100mb, 1.5gb, 20000 같은 한도가 아닙니다</translation>
    </message>
    <message>
        <source>“%1” is not a time such as 5s, 500ms or 2min (at most one day)</source>
        <translation>“%1”은(는) 5s, 500ms, 2min(최대 하루) 같은 시간이 아닙니다</translation>
    </message>
    <message>
        <source>%1 joined</source>
        <translation>%1 참여</translation>
    </message>
    <message>
        <source>%1 does not answer</source>
        <translation>%1 응답 없음</translation>
    </message>
    <message>
        <source>%1 answers again</source>
        <translation>%1 응답 재개</translation>
    </message>
    <message>
        <source>%1 left</source>
        <translation>%1 떠남</translation>
    </message>
    <message>
        <source>Failover, shard %1: %2</source>
        <translation>페일오버, 샤드 %1: %2</translation>
    </message>
    <message>
        <source>Failover: %1</source>
        <translation>페일오버: %1</translation>
    </message>
    <message>
        <source>replica</source>
        <translation>레플리카</translation>
    </message>
    <message>
        <source>primary</source>
        <translation>프라이머리</translation>
    </message>
    <message>
        <source>reply pending</source>
        <translation>응답 대기</translation>
    </message>
    <message>
        <source>MONITOR</source>
        <translation>MONITOR</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>대기 중</translation>
    </message>
    <message>
        <source>subscribed</source>
        <translation>구독 중</translation>
    </message>
    <message>
        <source>never evicted</source>
        <translation>축출 안 함</translation>
    </message>
    <message>
        <source>tracking</source>
        <translation>추적 중</translation>
    </message>
    <message>
        <source>%1 µs</source>
        <translation>%1 µs</translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1 ms</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1초</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>now</source>
        <translation>지금</translation>
    </message>
    <message>
        <source>%1 ago</source>
        <translation>%1 전</translation>
    </message>
    <message>
        <source>full sync running</source>
        <translation>전체 동기화 중</translation>
    </message>
    <message>
        <source>link down %1</source>
        <translation>링크 끊김 %1</translation>
    </message>
    <message>
        <source>link down</source>
        <translation>링크 끊김</translation>
    </message>
    <message>
        <source>linked</source>
        <translation>연결됨</translation>
    </message>
    <message>
        <source>linked · lag %1</source>
        <translation>연결됨 · 지연 %1</translation>
    </message>
    <message>
        <source>ok</source>
        <translation>정상</translation>
    </message>
    <message>
        <source>fail?</source>
        <translation>fail?</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>장애</translation>
    </message>
    <message>
        <source>unreachable</source>
        <translation>접근 불가</translation>
    </message>
    <message>
        <source>handshake</source>
        <translation>핸드셰이크</translation>
    </message>
    <message>
        <source>loading</source>
        <translation>로드 중</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>알 수 없음</translation>
    </message>
    <message>
        <source>no shard</source>
        <translation>외부</translation>
    </message>
    <message>
        <source>Shard %1</source>
        <translation>샤드 %1</translation>
    </message>
    <message>
        <source>failed %1 ago</source>
        <translation>%1 전에 장애</translation>
    </message>
    <message>
        <source>suspected to have failed</source>
        <translation>장애 의심</translation>
    </message>
    <message>
        <source>unreachable from here</source>
        <translation>여기에서 접근 불가</translation>
    </message>
    <message>
        <source>loading its data</source>
        <translation>데이터 로드 중</translation>
    </message>
    <message>
        <source>in handshake</source>
        <translation>핸드셰이크 중</translation>
    </message>
    <message>
        <source>address not known</source>
        <translation>주소를 알 수 없음</translation>
    </message>
    <message>
        <source>reported failed by 1 replica, but no primary</source>
        <translation>레플리카 1개가 장애로 판단, 프라이머리는 없음</translation>
    </message>
    <message>
        <source>reported failed by %1 replicas, but no primary</source>
        <translation>레플리카 %1개가 장애로 판단, 프라이머리는 없음</translation>
    </message>
    <message>
        <source>%1 of %2 primaries suspect a failure</source>
        <translation>프라이머리 %2개 중 %1개가 의심</translation>
    </message>
    <message>
        <source>%1 of %2 primaries report it failed</source>
        <translation>프라이머리 %2개 중 %1개가 장애로 판단</translation>
    </message>
    <message>
        <source>1 primary suspects a failure</source>
        <translation>1개가 의심</translation>
    </message>
    <message>
        <source>%1 primaries suspect a failure</source>
        <translation>%1개가 의심</translation>
    </message>
    <message>
        <source>not tried yet</source>
        <translation>아직 시도하지 않음</translation>
    </message>
    <message>
        <source>connecting</source>
        <translation>연결 중</translation>
    </message>
    <message>
        <source>connected</source>
        <translation>연결됨</translation>
    </message>
    <message>
        <source>answers in %1 ms</source>
        <translation>%1 ms 만에 응답</translation>
    </message>
    <message>
        <source>%1 · retry in %2 s</source>
        <translation>%1 · %2초 후 재시도</translation>
    </message>
    <message>
        <source>%1 · trying again</source>
        <translation>%1 · 다시 시도 중</translation>
    </message>
    <message>
        <source>off</source>
        <translation>꺼짐</translation>
    </message>
    <message>
        <source>everything</source>
        <translation>모두</translation>
    </message>
    <message>
        <source>empty name</source>
        <translation>이름 없음</translation>
    </message>
    <message>
        <source>no host</source>
        <translation>호스트 없음</translation>
    </message>
    <message>
        <source>The certificate is %1, for %2, issued by %3, valid from %4 to %5, SHA-256 %6</source>
        <translation>인증서: %1, 대상 %2, 발급자 %3, 유효 기간 %4~%5, SHA-256 %6</translation>
    </message>
    <message>
        <source>it was not issued for “%1”: set the server name (sni) to a host name that it was issued for</source>
        <translation>“%1”의 인증서가 아닙니다. 인증서의 호스트를 서버 이름(sni)으로 지정하세요</translation>
    </message>
    <message>
        <source>it expired on %1</source>
        <translation>%1에 만료되었습니다</translation>
    </message>
    <message>
        <source>the certificate of the issuing authority (CA) has expired</source>
        <translation>발급한 인증 기관(CA)의 인증서가 만료되었습니다</translation>
    </message>
    <message>
        <source>it is not valid before %1 (check the clock of this computer)</source>
        <translation>%1 이전에는 유효하지 않습니다. 이 컴퓨터의 시계가 맞나요?</translation>
    </message>
    <message>
        <source>the certificate of the issuing authority (CA) is not valid yet</source>
        <translation>발급한 인증 기관(CA)의 인증서가 아직 유효하지 않습니다</translation>
    </message>
    <message>
        <source>it is self-signed, and it is not one of the trusted certificates</source>
        <translation>자체 서명되었으며 신뢰하는 인증 기관에 없습니다</translation>
    </message>
    <message>
        <source>its issuer is not trusted: set the issuer&apos;s certificate file (cacert)</source>
        <translation>발급자를 신뢰할 수 없습니다. 인증 기관의 파일을 지정하세요(cacert)</translation>
    </message>
    <message>
        <source>its issuer revoked it (it is in the certificate revocation list)</source>
        <translation>발급자가 폐기했습니다(인증서 폐기 목록에 있음)</translation>
    </message>
    <message>
        <source>the certificate revocation list was issued by somebody else than the certificate</source>
        <translation>인증서 폐기 목록이 발급자의 것이 아닙니다</translation>
    </message>
    <message>
        <source>the certificate revocation list is outdated</source>
        <translation>인증서 폐기 목록이 너무 오래되었습니다</translation>
    </message>
    <message>
        <source>it is not meant for servers (its extended key usage lacks serverAuth)</source>
        <translation>서버용 인증서가 아닙니다(확장 키 사용에 serverAuth가 없음)</translation>
    </message>
    <message>
        <source>its key is too short to be safe (RSA needs 2048 bits)</source>
        <translation>키가 너무 짧아 안전하지 않습니다(RSA는 2048비트 필요)</translation>
    </message>
    <message>
        <source>its signature uses a hash that is no longer safe</source>
        <translation>더 이상 안전하지 않은 해시로 서명되었습니다</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>%1 is too large to be a PEM file</source>
        <translation>%1은(는) PEM 파일로는 너무 큽니다</translation>
    </message>
    <message>
        <source>%1 contains no certificate in PEM format</source>
        <translation>%1에 PEM 형식의 인증서가 없습니다</translation>
    </message>
    <message>
        <source>%1 contains no private key in PEM format</source>
        <translation>%1에 PEM 형식의 개인 키가 없습니다</translation>
    </message>
    <message>
        <source>the private key in %1 is encrypted and no passphrase was given</source>
        <translation>%1의 키가 암호화되어 있는데 암호가 없습니다</translation>
    </message>
    <message>
        <source>the passphrase of the private key in %1 is wrong</source>
        <translation>%1의 키에 대한 암호가 올바르지 않습니다</translation>
    </message>
    <message>
        <source>the type of the private key in %1 is not supported</source>
        <translation>%1의 키는 지원하지 않는 종류입니다</translation>
    </message>
    <message>
        <source>a client certificate needs both the certificate (cert) and the private key (key)</source>
        <translation>클라이언트 인증서에는 파일(cert)과 키(key)가 모두 필요합니다</translation>
    </message>
    <message>
        <source>the private key in %1 does not belong to the certificate in %2</source>
        <translation>%1의 키가 %2의 인증서와 맞지 않습니다</translation>
    </message>
    <message>
        <source>%1 contains no certificate revocation list in PEM format</source>
        <translation>%1에 PEM 형식의 인증서 폐기 목록이 없습니다</translation>
    </message>
    <message>
        <source>“%1” is not a port (1 to 65535)</source>
        <translation>“%1”은(는) 포트가 아닙니다(1~65535)</translation>
    </message>
    <message>
        <source>env=%1: only production, staging and development are allowed</source>
        <translation>env=%1: production, staging, development 중 하나여야 합니다</translation>
    </message>
    <message>
        <source>pin=%1: the SHA-256 of a certificate is expected, 64 hexadecimal digits</source>
        <translation>pin=%1: 인증서의 SHA-256이며 16진수 64자리입니다</translation>
    </message>
    <message>
        <source>insecure=%1: only 1 and 0 are allowed</source>
        <translation>insecure=%1: 1 또는 0이어야 합니다</translation>
    </message>
    <message>
        <source>tlsmin=%1: only 1.2 and 1.3 are allowed</source>
        <translation>tlsmin=%1: 1.2 또는 1.3이어야 합니다</translation>
    </message>
    <message>
        <source>%1= is an option for TLS: begin the URI with rediss:// to use it</source>
        <translation>%1=은(는) TLS 옵션입니다. rediss://로 쓰세요</translation>
    </message>
    <message>
        <source>the URI contains the option “%1” twice</source>
        <translation>“%1” 옵션이 URI에 두 번 있습니다</translation>
    </message>
    <message>
        <source>readonly=%1: only 1 and 0 are allowed</source>
        <translation>readonly=%1: 1 또는 0이어야 합니다</translation>
    </message>
    <message>
        <source>db=%1: the number of a database is expected</source>
        <translation>db=%1: 데이터베이스 번호여야 합니다</translation>
    </message>
    <message>
        <source>hosts: “%1” is not a network: write it as in 10.0.0.0/8</source>
        <translation>hosts: “%1”은(는) 네트워크가 아닙니다. 10.0.0.0/8처럼 쓰세요</translation>
    </message>
    <message>
        <source>hosts= is empty</source>
        <translation>hosts=에 호스트가 없습니다</translation>
    </message>
    <message>
        <source>the URI contains the unknown option “%1”</source>
        <translation>URI에 알 수 없는 옵션 “%1”이(가) 있습니다</translation>
    </message>
    <message>
        <source>the hosts have different credentials, or a password contains “,”: a connection uses the same credentials on every host, so write them once, before the first host; in a password write %2C for “,” and %40 for “@”</source>
        <translation>호스트마다 인증 정보가 다르거나 비밀번호에 “,”가 있습니다. 한 연결은 모든 곳에 똑같이 로그인하므로 첫 호스트 앞에 한 번만 씁니다. 비밀번호의 “,”는 %2C로, “@”는 %40으로 쓰세요</translation>
    </message>
    <message>
        <source>the URI names no host</source>
        <translation>호스트가 없습니다</translation>
    </message>
    <message>
        <source>slots %1 to %2: %3</source>
        <translation>슬롯 %1~%2: %3</translation>
    </message>
    <message>
        <source>cancelled the slot migration of %1 to %2: %3</source>
        <translation>%1의 %2(으)로의 이동을 취소함: %3</translation>
    </message>
    <message>
        <source>the slot migration of %1 to %2 could not be cancelled (%3): the servers may continue it</source>
        <translation>%1의 %2(으)로의 이동을 취소하지 못했습니다(%3). 계속 진행될 수 있습니다</translation>
    </message>
    <message>
        <source>the servers are already migrating these slots: %1</source>
        <translation>서버가 이미 진행하고 있습니다: %1</translation>
    </message>
    <message>
        <source>%1 to answer again</source>
        <translation>%1의 응답 재개</translation>
    </message>
    <message>
        <source>the server no longer lists the migration</source>
        <translation>서버가 더 이상 그 작업을 알지 못합니다</translation>
    </message>
    <message>
        <source>%1. The servers may continue the migration: resuming checks that first</source>
        <translation>%1. 이동이 계속 진행될 수 있습니다. 이어서 진행하면 먼저 확인합니다</translation>
    </message>
    <message>
        <source>%1 retries</source>
        <translation>재시도 %1회</translation>
    </message>
    <message>
        <source>no progress for %1</source>
        <translation>%1 동안 진행 없음</translation>
    </message>
    <message>
        <source>its state was “%1” for %2</source>
        <translation>%2 동안 “%1” 상태에 머물렀습니다</translation>
    </message>
    <message>
        <source>trying again</source>
        <translation>다시 시도하는 중</translation>
    </message>
    <message>
        <source>the slots have moved, but the server reports that some accepted writes may be lost: %1</source>
        <translation>슬롯은 이동했지만 서버가 받아들인 쓰기 중 일부를 잃었을 수 있다고 합니다: %1</translation>
    </message>
    <message>
        <source>%1 of %2 nodes, %3</source>
        <translation>노드 %2개 중 %1개, %3</translation>
    </message>
    <message>
        <source>%1 to write its snapshot</source>
        <translation>%1의 스냅샷 기록</translation>
    </message>
    <message>
        <source>%1 already contains a backup</source>
        <translation>%1에 이미 백업이 있습니다</translation>
    </message>
    <message>
        <source>its checksum is correct</source>
        <translation>체크섬이 맞습니다</translation>
    </message>
    <message>
        <source>it has no checksum (the server is set to rdbchecksum no)</source>
        <translation>체크섬이 없습니다(서버가 쓰지 않음: rdbchecksum no)</translation>
    </message>
    <message>
        <source>%1: %2 in %3, %4, SHA-256 %5</source>
        <translation>%1: %3에 %2, %4, SHA-256 %5</translation>
    </message>
    <message>
        <source>“%1”%2</source>
        <translation>“%1”%2</translation>
    </message>
    <message>
        <source> and more</source>
        <translation> 등</translation>
    </message>
    <message>
        <source>%1 elements: %2</source>
        <translation>요소 %1개: %2</translation>
    </message>
    <message>
        <source>the key “%1” exists on both nodes with different values.
The source %2 has a %3
The target %4 has a %5
Choose which value to keep (--busy-keys keep-source or keep-target)</source>
        <translation>키 “%1”이(가) 양쪽에 있고 값이 다릅니다.
원본 %2: %3
대상 %4: %5
어느 쪽을 남길지 선택하세요(--busy-keys keep-source 또는 keep-target)</translation>
    </message>
    <message>
        <source>“%1” had different values on source and target; kept the value of %2 (%3), discarded %4</source>
        <translation>“%1”의 값이 양쪽에서 달라 %2의 값(%3)을 남기고 %4을(를) 버렸습니다</translation>
    </message>
    <message>
        <source>%1 contains keys, so the cluster is in use</source>
        <translation>%1에 키가 있으며 클러스터가 사용 중입니다</translation>
    </message>
    <message>
        <source>at %1 there is another node than before</source>
        <translation>%1이(가) 이전과 다른 노드입니다</translation>
    </message>
    <message>
        <source>%1 knows nodes that are not in the plan</source>
        <translation>%1이(가) 계획에 없는 노드를 알고 있습니다</translation>
    </message>
    <message>
        <source>nothing is rolled back: %1</source>
        <translation>아무것도 되돌리지 않았습니다: %1</translation>
    </message>
    <message>
        <source>%1 had met another node of the plan in the meantime: it was reset again</source>
        <translation>%1이(가) 그 사이 계획의 다른 노드를 만나 다시 초기화했습니다</translation>
    </message>
    <message>
        <source>the nodes keep finding each other again</source>
        <translation>노드들이 계속 서로를 다시 찾습니다</translation>
    </message>
    <message>
        <source>%1 does not answer: %2</source>
        <translation>%1이(가) 응답하지 않습니다: %2</translation>
    </message>
    <message>
        <source>%1 could not be rolled back: %2</source>
        <translation>%1을(를) 되돌리지 못했습니다: %2</translation>
    </message>
    <message>
        <source>rolled back: %1 is empty again</source>
        <translation>되돌림: %1이(가) 다시 비었습니다</translation>
    </message>
    <message>
        <source>%1 did not answer</source>
        <translation>%1이(가) 응답하지 않았습니다</translation>
    </message>
    <message>
        <source>%1 is a file, not a folder</source>
        <translation>%1은(는) 파일입니다</translation>
    </message>
    <message>
        <source>you have no permission to write to %1</source>
        <translation>%1에 쓸 권한이 없습니다</translation>
    </message>
    <message>
        <source>the reply of %1 to ROLE is empty</source>
        <translation>%1의 ROLE이 비어 있습니다</translation>
    </message>
    <message>
        <source>the votes of this shard&apos;s last failover (%1 ago) to expire</source>
        <translation>%1 전 이 샤드의 마지막 페일오버 투표 만료</translation>
    </message>
    <message>
        <source>Nothing has changed. The primary may be frozen, or may take writes faster than the replica applies them. Try again under less load, or use FORCE if the primary is lost</source>
        <translation>아무것도 바뀌지 않았습니다. 프라이머리가 멈췄거나 레플리카가 읽는 것보다 빠르게 쓰이고 있을 수 있습니다. 부하를 줄여 다시 시도하거나, 프라이머리를 잃었다면 FORCE를 사용하세요</translation>
    </message>
    <message>
        <source>A majority of the primaries must be reachable and vote for the replica; TAKEOVER needs no votes and is the last resort</source>
        <translation>프라이머리의 과반수에 접근할 수 있고 투표해야 합니다. TAKEOVER는 투표가 필요 없는 마지막 수단입니다</translation>
    </message>
    <message>
        <source>Read the log of the node</source>
        <translation>노드의 로그를 확인하세요</translation>
    </message>
    <message>
        <source>: the replication link of %1 is down</source>
        <translation>: %1의 복제 링크가 끊어져 있습니다</translation>
    </message>
    <message>
        <source>: %1 is %2 behind</source>
        <translation>: %1이(가) %2 뒤처져 있습니다</translation>
    </message>
    <message>
        <source>%1 to be promoted</source>
        <translation>%1의 승격</translation>
    </message>
    <message>
        <source>%1 was not promoted: the servers aborted the failover after %2%3; the next and last attempt follows in %2</source>
        <translation>%1이(가) 승격되지 않았고 서버가 %2 만에 포기했습니다%3. %2 후에 한 번 더 시도합니다</translation>
    </message>
    <message>
        <source>the write pause of the aborted failover to end</source>
        <translation>포기한 페일오버의 쓰기 중지 종료</translation>
    </message>
    <message>
        <source>it was not promoted within %1%2%3. %4</source>
        <translation>%1 안에 승격되지 않았습니다%2%3. %4</translation>
    </message>
    <message>
        <source>, in both attempts</source>
        <translation>, 두 번</translation>
    </message>
    <message>
        <source>%1 is a replica of %2 again: another node claimed the slots with a newer epoch</source>
        <translation>%1이(가) 다시 %2의 레플리카가 되었습니다. 다른 주장의 에포크가 더 새롭습니다</translation>
    </message>
    <message>
        <source>%1 does not answer; it will become a replica when it is back</source>
        <translation>%1이(가) 응답하지 않습니다. 돌아오면 따라갑니다</translation>
    </message>
    <message>
        <source>%1 is the primary now, but: %2%3</source>
        <translation>이제 %1이(가) 프라이머리이지만: %2%3</translation>
    </message>
    <message>
        <source>%1 is not in the cluster</source>
        <translation>%1이(가) 클러스터에 없습니다</translation>
    </message>
    <message>
        <source>the node is already the primary</source>
        <translation>이미 프라이머리입니다</translation>
    </message>
    <message>
        <source>the node is no longer a replica of %1</source>
        <translation>더 이상 %1의 레플리카가 아닙니다</translation>
    </message>
    <message>
        <source>%1 became the primary after %2</source>
        <translation>%2 만에 %1이(가) 프라이머리가 되었습니다</translation>
    </message>
    <message>
        <source>the node is the primary, confirmed by all nodes after %1</source>
        <translation>프라이머리, %1 만에 모든 노드에서 확인됨</translation>
    </message>
    <message>
        <source>9 or lower</source>
        <translation>최대 9</translation>
    </message>
    <message>
        <source>it has no masterauth, but the primary requires a password</source>
        <translation>masterauth가 없는데 그곳에서 비밀번호를 요구합니다</translation>
    </message>
    <message>
        <source>its masteruser is %1, and the primary does not let that user log in</source>
        <translation>masteruser가 %1인데 그곳에서 허용하지 않습니다</translation>
    </message>
    <message>
        <source>it has a masterauth, but the primary has no password: it refuses AUTH</source>
        <translation>masterauth가 있는데 그곳에 비밀번호가 없어 AUTH가 거부됩니다</translation>
    </message>
    <message>
        <source>its masterauth is not the password that the primary requires</source>
        <translation>masterauth가 그곳의 비밀번호와 다릅니다</translation>
    </message>
    <message>
        <source>%1 cannot log in to %2: %3</source>
        <translation>%2이(가) %1의 접속을 허용하지 않습니다: %3</translation>
    </message>
    <message>
        <source>The replica would not receive the data. First set masterauth (and masteruser) on the replica with redis-cli: CONFIG SET, then CONFIG REWRITE. Slotscope&apos;s plans contain no passwords.</source>
        <translation>데이터를 받지 못하게 됩니다. 먼저 redis-cli로 masterauth(와 masteruser)를 설정하세요: CONFIG SET 다음 CONFIG REWRITE. 계획에는 비밀 정보를 담지 않습니다.</translation>
    </message>
    <message>
        <source>It is not known whether %1 can log in to %2</source>
        <translation>%2이(가) %1의 접속을 허용하는지 알 수 없습니다</translation>
    </message>
    <message>
        <source>The user may not run CONFIG GET masterauth or ACL LIST. If masterauth is not the password that the primary requires, the replica does not receive the data.</source>
        <translation>사용자가 CONFIG GET masterauth 또는 ACL LIST를 조회할 수 없습니다. masterauth가 맞지 않으면 데이터를 받지 못합니다.</translation>
    </message>
    <message>
        <source>%1 cannot read the data of %2</source>
        <translation>%1은(는) %2의 데이터를 읽을 수 없습니다</translation>
    </message>
    <message>
        <source>%2 writes RDB version %3, but %1 is older and reads only up to version %4. Upgrade %1 first.</source>
        <translation>%2은(는) RDB 버전 %3(으)로 쓰지만, 더 오래된 %1은(는) 버전 %4까지만 읽습니다. 먼저 %1을(를) 업그레이드하세요.</translation>
    </message>
    <message>
        <source>%1 has keys in database %2, but %3 has only %4</source>
        <translation>%1의 데이터베이스 %2에 키가 있는데 %3에는 %4만 있습니다</translation>
    </message>
    <message>
        <source>database 0</source>
        <translation>데이터베이스 0</translation>
    </message>
    <message>
        <source>0 to %1</source>
        <translation>0~%1</translation>
    </message>
    <message>
        <source>The target cannot take these keys. Set cluster-databases in its configuration to at least %1 and restart it, or choose another target.</source>
        <translation>그곳에 넣을 수 없습니다. 설정에서 cluster-databases를 %1 이상으로 하고 다시 시작하거나 다른 대상을 선택하세요.</translation>
    </message>
    <message>
        <source>It is not known how many databases %1 has</source>
        <translation>%1의 데이터베이스 수를 알 수 없습니다</translation>
    </message>
    <message>
        <source>%1 has keys in database %2. If the target lacks a database, the operation stops.</source>
        <translation>%1의 데이터베이스 %2에 키가 있습니다. 그 데이터베이스가 없으면 실행이 멈춥니다.</translation>
    </message>
    <message>
        <source>%1 has %2 databases, but %3 has %4</source>
        <translation>%1에는 데이터베이스가 %2개, %3에는 %4개 있습니다</translation>
    </message>
    <message>
        <source>%1 cannot read the values of %2</source>
        <translation>%1은(는) %2의 값을 읽을 수 없습니다</translation>
    </message>
    <message>
        <source>%2 dumps values in RDB version %3, but %1 reads only up to version %4: it is older, or a different product. Upgrade %1 first, or choose another target.</source>
        <translation>%2은(는) 값을 RDB 버전 %3(으)로 덤프하지만 %1은(는) 버전 %4까지만 읽습니다. 더 오래되었거나 다른 제품입니다. 먼저 %1을(를) 업그레이드하거나 다른 대상을 고르세요.</translation>
    </message>
    <message>
        <source>%2 no longer holds slot %1 for %3</source>
        <translation>슬롯 %1은(는) 더 이상 %2이(가) %3을(를) 대신해 가진 슬롯이 아닙니다</translation>
    </message>
    <message>
        <source>%1; no such key is left</source>
        <translation>%1; 남은 것 없음</translation>
    </message>
    <message>
        <source>%1 deleted; no such key is left</source>
        <translation>%1 삭제됨; 남은 것 없음</translation>
    </message>
    <message>
        <source>“%1” is not the id of an operation</source>
        <translation>“%1”은(는) 실행의 ID가 아닙니다</translation>
    </message>
    <message>
        <source>the journal cannot be written: %1</source>
        <translation>저널을 쓸 수 없습니다: %1</translation>
    </message>
    <message>
        <source>another program has locked %1</source>
        <translation>다른 프로그램이 %1을(를) 잠갔습니다</translation>
    </message>
    <message>
        <source>operation %1 is still running: another program has locked %2 and continues it</source>
        <translation>작업 %1이(가) 아직 실행 중입니다. %2을(를) 쥔 프로그램이 계속 진행합니다</translation>
    </message>
    <message>
        <source>another program has continued operation %1 in the meantime</source>
        <translation>확인한 뒤에 다른 프로그램이 작업 %1을(를) 계속 진행했습니다</translation>
    </message>
    <message>
        <source>%1 does not permit MEMORY USAGE: big keys are moved together with others, which may take long</source>
        <translation>%1이(가) MEMORY USAGE를 허용하지 않아 큰 키가 다른 키와 함께 가며 오래 걸릴 수 있습니다</translation>
    </message>
    <message>
        <source>a big key is moved alone: “%1”, %2, from %3; until it has moved, neither node serves other commands</source>
        <translation>큰 키를 따로 보냅니다: “%1”, %2, %3에서. 그동안 두 노드는 다른 요청을 처리하지 않습니다</translation>
    </message>
    <message>
        <source>%1 to move keys again: %2</source>
        <translation>%1의 키 이동 재개: %2</translation>
    </message>
    <message>
        <source>%1 replied “%2” to MIGRATE; trying again</source>
        <translation>%1이(가) MIGRATE에 “%2”(으)로 응답했습니다. 다시 시도하는 중</translation>
    </message>
    <message>
        <source>MIGRATE to %1 failed %2 times in a row; the operation can be resumed</source>
        <translation>%1(으)로의 MIGRATE가 연속 %2회 실패했습니다. 슬롯은 이어서 진행할 수 있습니다</translation>
    </message>
    <message>
        <source>the timeout of a MIGRATE call, %1, exceeds cluster-node-timeout, %2: a node busy with the call would be failed over, and the key could be lost. Raise cluster-node-timeout on all nodes first</source>
        <translation>호출 시간 %1이(가) 노드 타임아웃 %2보다 깁니다. 호출로 바쁜 노드를 다른 노드가 페일오버하여 키를 잃을 수 있습니다. 먼저 모든 노드의 cluster-node-timeout을 늘리세요</translation>
    </message>
    <message>
        <source>%1 and %2 may move keys: checked with commands that change nothing (%3; on the target: %4, %5)</source>
        <translation>%1와(과) %2은(는) 키를 옮길 수 있습니다. 영향 없는 명령으로 확인했습니다(%3; 그곳: %4, %5)</translation>
    </message>
    <message>
        <source>%1 reports master_link_status:%2%3%4</source>
        <translation>%1의 master_link_status:%2%3%4</translation>
    </message>
    <message>
        <source>, a full synchronization is running</source>
        <translation>, 전체 복사 진행 중</translation>
    </message>
    <message>
        <source>, for %1</source>
        <translation>, %1 동안</translation>
    </message>
    <message>
        <source>%1 reports role:%2</source>
        <translation>%1의 role:%2</translation>
    </message>
    <message>
        <source>%1 does not let it log in: %2</source>
        <translation>%1이(가) 접속을 허용하지 않습니다: %2</translation>
    </message>
    <message>
        <source>the log of the node shows more</source>
        <translation>자세한 내용은 로그에 있습니다</translation>
    </message>
    <message>
        <source>%1 keys such as “%2”</source>
        <translation>“%2” 같은 키 %1개</translation>
    </message>
    <message>
        <source>slot %1, migrating %2 to %3: %4</source>
        <translation>슬롯 %1, %2에서 %3(으)로 이동: %4</translation>
    </message>
    <message>
        <source>. MIGRATE allows %1 for each step of its I/O; a huge key may need more: set --call-timeout, below the cluster-node-timeout of both nodes</source>
        <translation>. 호출의 각 I/O 단계에 %1까지 걸릴 수 있습니다. 아주 큰 키에는 더 필요할 수 있습니다: --call-timeout, 양쪽의 cluster-node-timeout보다 작게</translation>
    </message>
    <message>
        <source>it replies OK to MIGRATE of “%1” (slot %2) to %3 again and again, but still has the key</source>
        <translation>“%1”(슬롯 %2)을 %3(으)로 옮기는 MIGRATE에 계속 OK라고 응답하지만 키가 그대로 있습니다</translation>
    </message>
    <message>
        <source>no node</source>
        <translation>없음</translation>
    </message>
    <message>
        <source>slots %1: %2</source>
        <translation>슬롯 %1: %2</translation>
    </message>
    <message>
        <source>%1 became a primary</source>
        <translation>%1이(가) 프라이머리가 되었습니다</translation>
    </message>
    <message>
        <source>%1 became a replica of another node</source>
        <translation>%1이(가) 다른 노드의 레플리카가 되었습니다</translation>
    </message>
    <message>
        <source>other slots are being migrated on %1</source>
        <translation>%1의 열린 슬롯이 달라졌습니다</translation>
    </message>
    <message>
        <source>slot %1 moved from %2 to %3 in the meantime</source>
        <translation>슬롯 %1이(가) %2에서 %3(으)로 옮겨졌습니다</translation>
    </message>
    <message>
        <source>%1 has the node id of %2, but is another server</source>
        <translation>%1은(는) %2와(과) ID가 같은 다른 서버입니다</translation>
    </message>
    <message>
        <source>%1 is already in this cluster</source>
        <translation>%1은(는) 이미 이 클러스터에 있습니다</translation>
    </message>
    <message>
        <source>The cluster knows it as %1.</source>
        <translation>%1(으)로 알려져 있습니다.</translation>
    </message>
    <message>
        <source>%1 is already in this cluster, and knows %2 nodes</source>
        <translation>%1은(는) 이미 이 클러스터에 있으며 노드 %2개를 압니다</translation>
    </message>
    <message>
        <source>MEET only helps if some nodes do not know it.</source>
        <translation>MEET는 일부 노드가 모를 때에만 도움이 됩니다.</translation>
    </message>
    <message>
        <source>%1 belongs to another cluster of %2 nodes</source>
        <translation>%1은(는) 노드 %2개인 다른 클러스터에 속합니다</translation>
    </message>
    <message>
        <source>MEET would merge both clusters. Remove the node from the other cluster first, or reset it.</source>
        <translation>MEET를 하면 두 클러스터가 합쳐집니다. 먼저 그곳에서 제거하거나 초기화하세요.</translation>
    </message>
    <message>
        <source>%1 owns slots %2, whose former owner is gone from this cluster</source>
        <translation>%1이(가) 이곳의 소유자가 사라진 슬롯 %2을(를) 소유합니다</translation>
    </message>
    <message>
        <source>The node was restarted without its nodes.conf and has loaded its keys. It becomes their owner again: it gets a newer epoch than it had before.</source>
        <translation>nodes.conf 없이 다시 시작되어 자신의 키를 찾았습니다. 이전 자신보다 새로운 에포크를 받아 슬롯의 소유자가 됩니다.</translation>
    </message>
    <message>
        <source>%1 owns %2</source>
        <translation>%1이(가) %2를 소유합니다</translation>
    </message>
    <message>
        <source>It would claim these slots in this cluster too. Reset the node first.</source>
        <translation>이곳에서도 그 슬롯을 주장하게 됩니다. 먼저 초기화하세요.</translation>
    </message>
    <message>
        <source>It is not known whether %1 belongs to another cluster</source>
        <translation>%1이(가) 다른 클러스터에 속하는지 알 수 없습니다</translation>
    </message>
    <message>
        <source>The user may not run CLUSTER INFO and CLUSTER NODES there. Allow them (ACL: +cluster|info +cluster|nodes), or connect as another user.</source>
        <translation>사용자가 그곳에서 CLUSTER INFO와 CLUSTER NODES를 실행할 수 없습니다. 권한을 부여하거나(+cluster|info +cluster|nodes) 다른 사용자로 연결하세요.</translation>
    </message>
    <message>
        <source>%1 knows no other node</source>
        <translation>%1은(는) 혼자이며 다른 노드를 모릅니다</translation>
    </message>
    <message>
        <source>%1 is empty</source>
        <translation>%1이(가) 비어 있습니다</translation>
    </message>
    <message>
        <source>It is not known whether %1 contains keys</source>
        <translation>%1에 키가 있는지 알 수 없습니다</translation>
    </message>
    <message>
        <source>The user may not run INFO there. Allow it (ACL: +info), or connect as another user.</source>
        <translation>사용자가 그곳에서 INFO를 실행할 수 없습니다. 권한을 부여하거나(+info) 다른 사용자로 연결하세요.</translation>
    </message>
    <message>
        <source>The node&apos;s keys would be deleted.</source>
        <translation>삭제됩니다.</translation>
    </message>
    <message>
        <source>The node&apos;s keys would be in slots that it does not own.</source>
        <translation>소유하지 않은 슬롯에 놓이게 됩니다.</translation>
    </message>
    <message>
        <source>These are keys of the cluster that the node belongs to.</source>
        <translation>그 노드가 속한 클러스터의 키입니다.</translation>
    </message>
    <message>
        <source>Empty the node with FLUSHALL if its keys are not needed.</source>
        <translation>필요 없는 키라면 FLUSHALL로 비우세요.</translation>
    </message>
    <message>
        <source>%1 contains %2</source>
        <translation>%1에 %2가 있습니다</translation>
    </message>
    <message>
        <source>It is not known whether %1 has functions</source>
        <translation>%1에 자체 함수가 있는지 알 수 없습니다</translation>
    </message>
    <message>
        <source>The user may not run FUNCTION LIST on this node.</source>
        <translation>사용자가 그곳에서 FUNCTION LIST를 실행할 수 없습니다.</translation>
    </message>
    <message>
        <source>%1 has functions</source>
        <translation>%1에 자체 함수가 있습니다</translation>
    </message>
    <message>
        <source>The functions of its primary replace them.</source>
        <translation>프라이머리의 함수로 바뀝니다.</translation>
    </message>
    <message>
        <source>The other nodes will not have these functions. FUNCTION FLUSH deletes them.</source>
        <translation>다른 노드에는 없게 됩니다. FUNCTION FLUSH로 삭제할 수 있습니다.</translation>
    </message>
    <message>
        <source>The functions of the cluster cannot be copied to it. First delete its own with FUNCTION FLUSH.</source>
        <translation>클러스터의 함수를 그곳에 복사할 수 없습니다. 먼저 FUNCTION FLUSH로 삭제하세요.</translation>
    </message>
    <message>
        <source>%1 runs %2, the cluster runs %3</source>
        <translation>%1은(는) %2을(를), 클러스터는 %3을(를) 실행합니다</translation>
    </message>
    <message>
        <source>The versions may not understand each other&apos;s data.</source>
        <translation>서로의 데이터를 이해하지 못할 수 있습니다.</translation>
    </message>
    <message>
        <source>An older node may not understand the data of a newer node.</source>
        <translation>이전 버전의 노드는 새 버전의 데이터를 이해하지 못할 수 있습니다.</translation>
    </message>
    <message>
        <source>%1 requires no password, but the cluster does</source>
        <translation>%1은(는) 비밀번호를 요구하지 않는데 클러스터는 요구합니다</translation>
    </message>
    <message>
        <source>Anyone who reaches the node can read and change the cluster&apos;s data there. First give it the users or the password of the cluster with redis-cli: CONFIG SET requirepass and masterauth, then CONFIG REWRITE.</source>
        <translation>그 노드에 접근하는 누구나 클러스터의 데이터를 읽고 바꿀 수 있습니다. 먼저 redis-cli로 클러스터의 사용자나 비밀번호를 설정하세요: CONFIG SET requirepass와 masterauth, 다음에 CONFIG REWRITE.</translation>
    </message>
    <message>
        <source>Set it to the same value afterwards.</source>
        <translation>나중에 같은 값으로 설정하세요.</translation>
    </message>
    <message>
        <source>%1 refuses the connection</source>
        <translation>%1이(가) 접속을 거부합니다</translation>
    </message>
    <message>
        <source>%1 does not run in cluster mode</source>
        <translation>%1이(가) 클러스터 모드로 실행되지 않습니다</translation>
    </message>
    <message>
        <source>Start it with cluster-enabled yes.</source>
        <translation>cluster-enabled yes로 시작하세요.</translation>
    </message>
    <message>
        <source>%1 has no IP address</source>
        <translation>%1의 IP 주소가 없습니다</translation>
    </message>
    <message>
        <source>no folder was given</source>
        <translation>폴더를 지정하지 않았습니다</translation>
    </message>
    <message>
        <source>%1 is not writable</source>
        <translation>%1에 쓸 수 없습니다</translation>
    </message>
    <message>
        <source>Choose another folder: a backup never overwrites an earlier one.</source>
        <translation>다른 폴더를 선택하세요. 백업은 이전 백업을 절대 덮어쓰지 않습니다.</translation>
    </message>
    <message>
        <source>No node of the shard of %1 answers</source>
        <translation>%1의 샤드에서 응답하는 노드가 없습니다</translation>
    </message>
    <message>
        <source>The backup would lack slots %1.</source>
        <translation>백업에 슬롯 %1이(가) 빠집니다.</translation>
    </message>
    <message>
        <source>The backup copies its replica %1 instead.</source>
        <translation>레플리카 %1을(를) 복사합니다.</translation>
    </message>
    <message>
        <source>%1 are free, and the nodes use %2 of memory</source>
        <translation>사용 중인 메모리 %2에 대해 여유 공간이 %1입니다</translation>
    </message>
    <message>
        <source>The files are usually smaller than that. If they are not, the backup fails and removes what it has written.</source>
        <translation>파일은 대개 그보다 작습니다. 그렇지 않으면 백업이 실패하고 기록한 내용을 지웁니다.</translation>
    </message>
    <message>
        <source>Copy %1 nodes to %2</source>
        <translation>노드 %1개 복사 → %2</translation>
    </message>
    <message>
        <source>Each node forks and needs extra memory for writes during the copy. The copies start at the same time, but they are not one consistent snapshot of the cluster.</source>
        <translation>각 노드가 fork하므로 그동안 쓰이는 만큼 메모리가 필요합니다. 복사는 동시에 시작하지만 전체가 한 시점은 아닙니다.</translation>
    </message>
    <message>
        <source>Each file is complete, and its checksum is correct (if the server writes one)</source>
        <translation>모든 파일이 온전하고 체크섬이 맞습니다(서버가 기록하는 경우)</translation>
    </message>
    <message>
        <source>A manifest file describes the topology</source>
        <translation>manifest에 토폴로지가 기록됩니다</translation>
    </message>
    <message>
        <source>The estimate is the memory in use; the files are usually smaller.</source>
        <translation>예상치는 사용 중인 메모리를 기준으로 하며, 파일은 대개 그보다 작습니다.</translation>
    </message>
    <message>
        <source>The node is skipped.</source>
        <translation>제외됩니다.</translation>
    </message>
    <message>
        <source>%1 is already saving</source>
        <translation>%1이(가) 이미 저장하고 있습니다</translation>
    </message>
    <message>
        <source>The running save is used.</source>
        <translation>그 저장을 사용합니다.</translation>
    </message>
    <message>
        <source>%1 on %2 nodes</source>
        <translation>노드 %2개에서 %1</translation>
    </message>
    <message>
        <source>Each node forks and needs extra memory for writes during the save.</source>
        <translation>각 노드가 fork하므로 그동안 쓰이는 만큼 메모리가 필요합니다.</translation>
    </message>
    <message>
        <source>Each node reports success</source>
        <translation>각 노드가 성공했다고 알립니다</translation>
    </message>
    <message>
        <source>%1 takes over from %2</source>
        <translation>%1이(가) %2에서 넘겨받음</translation>
    </message>
    <message>
        <source>The primary pauses writes for a moment. If the election does not succeed in time, the primary stays.</source>
        <translation>프라이머리가 잠시 쓰기를 멈춥니다. 제시간에 선출되지 않으면 아무것도 바뀌지 않습니다.</translation>
    </message>
    <message>
        <source>Writes that the former primary has not sent to %1 are lost.</source>
        <translation>이전 프라이머리가 %1에 보내지 않은 내용은 유실됩니다.</translation>
    </message>
    <message>
        <source>Every node that answers sees %1 as the primary that owns %2</source>
        <translation>응답하는 모든 노드가 보기에 %1이(가) 프라이머리이고 %2를 소유합니다</translation>
    </message>
    <message>
        <source>Wait until %1 replicates the new primary</source>
        <translation>%1이(가) 레플리카로 따라올 때까지 대기</translation>
    </message>
    <message>
        <source>%1 is a replica of the new primary, and its replication link is up</source>
        <translation>%1이(가) 따라가며 복제 링크가 연결되어 있습니다</translation>
    </message>
    <message>
        <source>%1 takes over</source>
        <translation>%1이(가) 넘겨받음</translation>
    </message>
    <message>
        <source>%1 is already a primary</source>
        <translation>%1은(는) 이미 프라이머리입니다</translation>
    </message>
    <message>
        <source>The primary of %1 is not known</source>
        <translation>%1의 프라이머리를 알 수 없습니다</translation>
    </message>
    <message>
        <source>Choose a replica of the shard whose primary shall change.</source>
        <translation>프라이머리를 바꿀 샤드의 레플리카를 선택하세요.</translation>
    </message>
    <message>
        <source>Writes that %1 has accepted and not yet sent to %2 are lost%3.</source>
        <translation>%1이(가) 받아들였지만 아직 %2에 보내지 않은 내용은 유실됩니다%3.</translation>
    </message>
    <message>
        <source> (%1 when last read)</source>
        <translation> (마지막 확인 시 %1)</translation>
    </message>
    <message>
        <source>There is no vote: if %1 still serves clients, two nodes claim its slots, and the writes of one side are lost.</source>
        <translation>투표가 없습니다. %1이(가) 아직 클라이언트를 처리하고 있다면 두 노드가 슬롯을 주장하고 한쪽의 쓰기를 잃습니다.</translation>
    </message>
    <message>
        <source>If this shard had a failover within the last %1, the other primaries may refuse to vote again. Then wait, and try again.</source>
        <translation>이 샤드에서 최근 %1 안에 페일오버가 있었다면 다른 프라이머리가 또 한 번의 페일오버에 투표하기를 거부할 수 있습니다. 그때는 기다렸다가 다시 시도하세요.</translation>
    </message>
    <message>
        <source>Introduce the nodes to one another at their new addresses</source>
        <translation>노드가 새 주소에서 서로를 찾게 하기</translation>
    </message>
    <message>
        <source>Wait until all nodes agree and the cluster is ok</source>
        <translation>모든 노드가 일치하고 클러스터가 정상이 될 때까지 대기</translation>
    </message>
    <message>
        <source>Wait until all nodes show the same topology</source>
        <translation>모든 노드가 같은 내용을 말할 때까지 대기</translation>
    </message>
    <message>
        <source>Every node that answers knows the current address of the others</source>
        <translation>응답하는 모든 노드가 다른 노드의 위치를 압니다</translation>
    </message>
    <message>
        <source>If other faults remain, run fix again when the nodes know one another.</source>
        <translation>다른 문제가 있으면, 서로를 알게 된 뒤 슬롯 수리(fix)를 다시 실행하세요.</translation>
    </message>
    <message>
        <source>Keys of slots %1 moved to another node during the check</source>
        <translation>확인하는 동안 슬롯 %1의 키가 다른 노드로 옮겨졌습니다</translation>
    </message>
    <message>
        <source>Another tool seems to be moving them slowly: stop it first, it would work against this operation. If there is none, choose whether to finish the slot migrations or to roll them back (--prefer).</source>
        <translation>다른 도구가 천천히 옮기고 있는 것 같습니다. 서로 방해가 되니 먼저 끝내세요. 없다면 슬롯을 이어서 진행할지 되돌릴지 선택하세요(--prefer).</translation>
    </message>
    <message>
        <source>Introduce %1 to the cluster</source>
        <translation>클러스터에 %1 소개</translation>
    </message>
    <message>
        <source>If its cluster bus port is blocked, the node does not join; then it is made to forget the cluster again.</source>
        <translation>버스 포트가 막혀 있으면 참여하지 못하며, 그때는 다시 클러스터를 잊게 합니다.</translation>
    </message>
    <message>
        <source>Copy the functions of %1 to %2</source>
        <translation>%1의 함수를 %2에 복사</translation>
    </message>
    <message>
        <source>No other node can take its slots</source>
        <translation>슬롯을 받을 노드가 없습니다</translation>
    </message>
    <message>
        <source>This node is the last primary. Add another one first.</source>
        <translation>마지막 프라이머리입니다. 먼저 다른 프라이머리를 추가하세요.</translation>
    </message>
    <message>
        <source>%1 primaries with slots would remain</source>
        <translation>슬롯이 있는 프라이머리가 %1개 남습니다</translation>
    </message>
    <message>
        <source>Fewer than three primaries cannot agree on a failover when one of them fails.</source>
        <translation>셋보다 적으면 하나에 장애가 났을 때 페일오버에 합의할 수 없습니다.</translation>
    </message>
    <message>
        <source>%1 cannot take over its own slots</source>
        <translation>%1은(는) 자신의 슬롯을 받을 수 없습니다</translation>
    </message>
    <message>
        <source>%1 is a replica</source>
        <translation>%1은(는) 레플리카입니다</translation>
    </message>
    <message>
        <source>Only a primary can take slots.</source>
        <translation>프라이머리만 슬롯을 받을 수 있습니다.</translation>
    </message>
    <message>
        <source>Keep the emptied primaries from becoming replicas by themselves</source>
        <translation>비워진 노드가 스스로 다른 프라이머리를 따르지 않게 하기</translation>
    </message>
    <message>
        <source>Allow replica migration again</source>
        <translation>레플리카 자동 이동 다시 허용</translation>
    </message>
    <message>
        <source>If the operation does not finish, cluster-allow-replica-migration stays set to no on them.</source>
        <translation>실행이 끝나지 않으면 그 노드의 cluster-allow-replica-migration은 no로 남습니다.</translation>
    </message>
    <message>
        <source>Its replica %1 does not answer</source>
        <translation>레플리카 %1이(가) 응답하지 않습니다</translation>
    </message>
    <message>
        <source>No other primary can take this replica: remove it together with its primary.</source>
        <translation>다른 프라이머리를 지정할 수 없으니 함께 제거하세요.</translation>
    </message>
    <message>
        <source>There is no other primary for its replica %1</source>
        <translation>레플리카 %1에 지정할 다른 프라이머리가 없습니다</translation>
    </message>
    <message>
        <source>Remove the replica first.</source>
        <translation>먼저 레플리카를 제거하세요.</translation>
    </message>
    <message>
        <source>%1 is a replica of %2</source>
        <translation>%1은(는) %2의 레플리카입니다</translation>
    </message>
    <message>
        <source>%1 does not answer and owns %2</source>
        <translation>%1이(가) 응답하지 않으며 %2를 소유합니다</translation>
    </message>
    <message>
        <source>Let one of its replicas take over, or use fix; then remove the node.</source>
        <translation>레플리카 하나가 넘겨받게 하거나 슬롯 수리(fix)를 사용한 다음 제거하세요.</translation>
    </message>
    <message>
        <source>%1 has the last copy of its shard&apos;s data</source>
        <translation>%1에 샤드 데이터의 마지막 사본이 있습니다</translation>
    </message>
    <message>
        <source>The primary of this replica does not answer. Let the replica take over instead.</source>
        <translation>이 레플리카의 프라이머리가 응답하지 않습니다. 대신 이 레플리카가 넘겨받게 하세요.</translation>
    </message>
    <message>
        <source>%1 owns no slot, but contains %2</source>
        <translation>%1은(는) 슬롯이 없는데 %2가 있습니다</translation>
    </message>
    <message>
        <source>First move these keys to the owners of their slots with orphans: clients cannot find keys on a node outside the cluster.</source>
        <translation>먼저 고아 키(orphans) 작업으로 소유자에게 가져가세요. 클러스터 밖에서는 아무도 찾지 못합니다.</translation>
    </message>
    <message>
        <source>A node that does not answer cannot be reset. If it comes back, it contacts the other nodes again: stop it for good.</source>
        <translation>초기화할 수 없습니다. 돌아오면 다시 다른 노드를 찾으니 영구히 중지하세요.</translation>
    </message>
    <message>
        <source>no node was given</source>
        <translation>노드를 지정하지 않았습니다</translation>
    </message>
    <message>
        <source>Wait until every node knows the new node</source>
        <translation>모든 노드가 알 때까지 대기</translation>
    </message>
    <message>
        <source>If that host fails, both nodes fail.</source>
        <translation>호스트에 장애가 나면 둘 다 중단됩니다.</translation>
    </message>
    <message>
        <source>The replication link is up</source>
        <translation>복제 링크가 연결되어 있습니다</translation>
    </message>
    <message>
        <source>The new node has no slots yet: rebalance afterwards, and include primaries without slots.</source>
        <translation>아직 슬롯이 없습니다. 이후 빈 프라이머리를 포함하여 재분배하세요.</translation>
    </message>
    <message>
        <source>Remove %1</source>
        <translation>%1 제거</translation>
    </message>
    <message>
        <source>No node that answers knows %1 any more</source>
        <translation>응답하는 노드 중 %1을(를) 아는 노드가 더 이상 없습니다</translation>
    </message>
    <message>
        <source>Reset %1: it forgets the cluster</source>
        <translation>%1 초기화: 클러스터를 잊음</translation>
    </message>
    <message>
        <source>The node refuses this while it still contains keys in slots that it does not own (orphan keys).</source>
        <translation>자신의 것이 아닌 슬롯에 키(고아 키)가 남아 있으면 거부됩니다.</translation>
    </message>
    <message>
        <source>The node&apos;s copy of the data is deleted.</source>
        <translation>데이터 사본이 삭제됩니다.</translation>
    </message>
    <message>
        <source>No node that answers owns slots %1</source>
        <translation>응답하는 노드 중 슬롯 %1의 소유자가 없습니다</translation>
    </message>
    <message>
        <source>The copies of their keys on %1 may be the only ones. Use fix first.</source>
        <translation>%1에 있는 키가 유일한 것일 수 있습니다. 먼저 슬롯 수리(fix)를 사용하세요.</translation>
    </message>
    <message>
        <source>Move %1 from %2 to %3</source>
        <translation>%1 이동, %2 → %3</translation>
    </message>
    <message>
        <source>Delete %1 in other nodes&apos; slots on %2</source>
        <translation>%2에서 다른 노드 슬롯의 %1 삭제</translation>
    </message>
    <message>
        <source>%1 on %2 are deleted. If these are the only copies, they are lost.</source>
        <translation>%2의 %1가 삭제됩니다. 유일한 것이라면 사라집니다.</translation>
    </message>
    <message>
        <source>A key that exists on both nodes with different values stops the operation, unless you chose which value to keep.</source>
        <translation>양쪽에 값이 다른 키가 있으면, 어느 쪽을 남길지 지정하지 않은 한 여기에서 멈춥니다.</translation>
    </message>
    <message>
        <source>Set %1 stable on %2</source>
        <translation>%2의 %1 닫기</translation>
    </message>
    <message>
        <source>%1 in slots %2 on %3; the owner is %4</source>
        <translation>%3의 슬롯 %2에 %1; 소유자는 %4</translation>
    </message>
    <message>
        <source>Every key is on the node that owns its slot</source>
        <translation>슬롯의 소유자가 아닌 곳에 있는 키가 없습니다</translation>
    </message>
    <message>
        <source>Move %1 to the owners of their slots</source>
        <translation>%1를 소유자에게 가져가기</translation>
    </message>
    <message>
        <source>Delete %1 in slots of other nodes</source>
        <translation>다른 노드의 슬롯에 있는 %1 삭제</translation>
    </message>
    <message>
        <source>%1 in slots of other nodes</source>
        <translation>다른 노드의 슬롯에 있는 %1</translation>
    </message>
    <message>
        <source>The nodes that held these keys have no key of these slots any more</source>
        <translation>가지고 있던 노드에 이 슬롯의 키가 더 이상 없습니다</translation>
    </message>
    <message>
        <source>Rebalance</source>
        <translation>재분배</translation>
    </message>
    <message>
        <source>Rebalance: %1 change their owner</source>
        <translation>재분배: %1의 소유자가 바뀜</translation>
    </message>
    <message>
        <source>A node that does not answer cannot take commands.</source>
        <translation>아무것도 지시할 수 없습니다.</translation>
    </message>
    <message>
        <source>These slots would have no owner. First move them away: remove-node or reshard.</source>
        <translation>소유자가 없어지게 됩니다. 먼저 옮기세요: 노드 제거(remove-node) 또는 리샤딩(reshard).</translation>
    </message>
    <message>
        <source>%1 contains %2 that belong to other nodes</source>
        <translation>%1에 다른 노드의 %2가 있습니다</translation>
    </message>
    <message>
        <source>First handle these keys with orphans: move or delete them.</source>
        <translation>먼저 고아 키(orphans) 작업으로 확인하고 옮기거나 삭제하세요.</translation>
    </message>
    <message>
        <source>%1 has replicas: %2</source>
        <translation>%1에 레플리카가 있습니다: %2</translation>
    </message>
    <message>
        <source>First give these replicas another primary.</source>
        <translation>먼저 다른 프라이머리를 지정하세요.</translation>
    </message>
    <message>
        <source>%1 copies all data of %2</source>
        <translation>%1이(가) %2의 모든 데이터를 복사함</translation>
    </message>
    <message>
        <source>Full synchronization: %1; the primary forks for it. Its replication backlog has %2.</source>
        <translation>전체 동기화: %1. 이를 위해 프라이머리가 fork합니다. 복제 백로그는 %2입니다.</translation>
    </message>
    <message>
        <source>the size is not known</source>
        <translation>크기를 알 수 없음</translation>
    </message>
    <message>
        <source>not known</source>
        <translation>알 수 없음</translation>
    </message>
    <message>
        <source>The maxmemory of %1 is %2</source>
        <translation>%1의 maxmemory는 %2입니다</translation>
    </message>
    <message>
        <source>The data does not fit into that.</source>
        <translation>데이터가 그곳에 들어가지 않습니다.</translation>
    </message>
    <message>
        <source>%1 is on the same host as %2</source>
        <translation>%1이(가) %2의 호스트에 있습니다</translation>
    </message>
    <message>
        <source>Make %1 an empty primary</source>
        <translation>%1: 빈 프라이머리로 설정</translation>
    </message>
    <message>
        <source>%1 is already a primary.</source>
        <translation>%1은(는) 이미 프라이머리입니다.</translation>
    </message>
    <message>
        <source>The copy of the data on %1 is deleted</source>
        <translation>%1의 데이터 사본이 삭제됩니다</translation>
    </message>
    <message>
        <source>Its primary keeps the data.</source>
        <translation>프라이머리가 데이터를 유지합니다.</translation>
    </message>
    <message>
        <source>Make %1 replicate no node</source>
        <translation>%1의 복제 중지</translation>
    </message>
    <message>
        <source>Reset %1: it becomes an empty primary</source>
        <translation>%1 초기화: 빈 프라이머리가 됨</translation>
    </message>
    <message>
        <source>Introduce the node to the cluster again</source>
        <translation>클러스터에 다시 소개</translation>
    </message>
    <message>
        <source>Wait until every node sees the node as a primary</source>
        <translation>모든 노드가 프라이머리로 볼 때까지 대기</translation>
    </message>
    <message>
        <source>Every node that answers sees %1 as a primary</source>
        <translation>응답하는 모든 노드가 %1을(를) 프라이머리로 봅니다</translation>
    </message>
    <message>
        <source>These nodes do not answer and cannot be told: %1</source>
        <translation>전달할 수 없는 노드: %1</translation>
    </message>
    <message>
        <source>When these nodes come back, they announce %1 to the others again. Repeat the operation then.</source>
        <translation>돌아오면 다른 노드에 %1을(를) 다시 알립니다. 그때 다시 실행하세요.</translation>
    </message>
    <message>
        <source>%1 cannot replicate itself</source>
        <translation>%1은(는) 자신을 복제할 수 없습니다</translation>
    </message>
    <message>
        <source>Make %1 a replica of %2</source>
        <translation>%1: %2의 레플리카로 설정</translation>
    </message>
    <message>
        <source>The node is already a replica of this primary. Repeating the command would start a new full synchronization.</source>
        <translation>이미 그렇습니다. 다시 하면 동기화를 처음부터 시작합니다.</translation>
    </message>
    <message>
        <source>A replica needs a primary.</source>
        <translation>레플리카에는 프라이머리가 필요합니다.</translation>
    </message>
    <message>
        <source>%1 does not answer or has failed</source>
        <translation>%1이(가) 응답하지 않거나 장애 상태입니다</translation>
    </message>
    <message>
        <source>A replica cannot copy data from it now.</source>
        <translation>지금은 복사할 수 있는 것이 없습니다.</translation>
    </message>
    <message>
        <source>Every node that answers sees %1 as a replica of %2</source>
        <translation>%1이(가) %2을(를) 복제한다고 응답하는 모든 노드가 말합니다</translation>
    </message>
    <message>
        <source>Forget %1</source>
        <translation>%1 잊기</translation>
    </message>
    <message>
        <source>These slots would have no owner, and the server does not check that. First move them away, or let a replica take over.</source>
        <translation>소유자가 없어지며 서버는 묻지 않습니다. 먼저 옮기거나 레플리카가 넘겨받게 하세요.</translation>
    </message>
    <message>
        <source>A replica cannot forget its primary. First give these replicas another primary.</source>
        <translation>레플리카는 자신의 프라이머리를 잊을 수 없습니다. 먼저 다른 프라이머리를 지정하세요.</translation>
    </message>
    <message>
        <source>%1 is running</source>
        <translation>%1이(가) 실행 중입니다</translation>
    </message>
    <message>
        <source>The node keeps contacting the others and may join again when the ban of CLUSTER FORGET expires. remove-node removes and resets a node in one operation.</source>
        <translation>계속 다른 노드를 찾으며 차단이 끝나면 돌아올 수 있습니다. 노드 제거(remove-node)는 함께 초기화합니다.</translation>
    </message>
    <message>
        <source>Reset %1 and give it a new node id</source>
        <translation>새 ID로 %1 초기화</translation>
    </message>
    <message>
        <source>Reset %1</source>
        <translation>%1 초기화</translation>
    </message>
    <message>
        <source>The node gets a new node id, and its epochs start at 0.</source>
        <translation>이후 새 ID를 가지며 에포크는 0부터 시작합니다.</translation>
    </message>
    <message>
        <source>No node that answers knows the node any more</source>
        <translation>응답하는 노드 중 아는 노드가 더 이상 없습니다</translation>
    </message>
    <message>
        <source>CLUSTER MEET %1</source>
        <translation>%1 소개(MEET)</translation>
    </message>
    <message>
        <source>Give %1 a newer epoch than it had before</source>
        <translation>%1에 이전 자신보다 새로운 에포크 부여</translation>
    </message>
    <message>
        <source>Otherwise the other nodes would take the slots from it, and it would delete its keys.</source>
        <translation>이 단계가 없으면 다른 노드가 슬롯을 가져가고 키를 삭제하게 됩니다.</translation>
    </message>
    <message>
        <source>Introduce %1 and the cluster to each other</source>
        <translation>%1와(과) 클러스터를 서로 소개</translation>
    </message>
    <message>
        <source>OK only means that the nodes try: if a cluster bus port is blocked, they give up after the node timeout.</source>
        <translation>OK는 시도한다는 뜻일 뿐입니다. 버스 포트가 막혀 있으면 노드 타임아웃 뒤에 포기합니다.</translation>
    </message>
    <message>
        <source>Every node that answers knows the new node, and it knows them</source>
        <translation>응답하는 모든 노드와 서로를 압니다</translation>
    </message>
    <message>
        <source>Nothing to move</source>
        <translation>옮길 것이 없습니다</translation>
    </message>
    <message>
        <source>the operation has moved no slots</source>
        <translation>실행이 옮긴 슬롯이 없습니다</translation>
    </message>
    <message>
        <source>two nodes of the shard of %1 were chosen as its primary</source>
        <translation>%1의 샤드에서 두 노드를 프라이머리로 지정했습니다</translation>
    </message>
    <message>
        <source>Wait until the cluster knows the node.</source>
        <translation>클러스터가 알 때까지 기다리세요.</translation>
    </message>
    <message>
        <source>No node runs on %1</source>
        <translation>%1에 노드가 없습니다</translation>
    </message>
    <message>
        <source>The hosts and zones of this cluster are: %1.</source>
        <translation>이 클러스터의 호스트와 영역: %1.</translation>
    </message>
    <message>
        <source>No replica elsewhere can take over from %1</source>
        <translation>다른 곳에 %1을(를) 넘겨받을 레플리카가 없습니다</translation>
    </message>
    <message>
        <source>A replica must answer, have its replication link up, and run on another host than %1.</source>
        <translation>%1이(가) 아닌 다른 호스트에, 응답하고 복제 링크가 연결된 레플리카가 필요합니다.</translation>
    </message>
    <message>
        <source>neither a host nor preferred primaries were given</source>
        <translation>호스트나 선호 프라이머리를 지정하지 않았습니다</translation>
    </message>
    <message>
        <source>Restore the preferred primaries</source>
        <translation>선호 프라이머리 복원</translation>
    </message>
    <message>
        <source>Make all nodes on %1 replicas</source>
        <translation>%1의 모든 노드를 레플리카로 전환</translation>
    </message>
    <message>
        <source>Check that %1 is up to date</source>
        <translation>%1이(가) 최신 상태인지 확인</translation>
    </message>
    <message>
        <source>The shards follow one another; the first failure stops the operation.</source>
        <translation>샤드를 하나씩 진행하며, 처음 실패하면 실행이 끝납니다.</translation>
    </message>
    <message>
        <source>All primaries are already where they should be.</source>
        <translation>모든 프라이머리가 있어야 할 곳에 있습니다.</translation>
    </message>
    <message>
        <source>the command %1 names no node</source>
        <translation>%1을(를) 보낼 노드가 없습니다</translation>
    </message>
    <message>
        <source>“%1” is not a command that a plan may contain</source>
        <translation>“%1”은(는) 계획의 명령이 아닙니다</translation>
    </message>
    <message>
        <source>“%1” is not a setting that a plan may set</source>
        <translation>“%1”은(는) 계획이 설정하는 항목이 아닙니다</translation>
    </message>
    <message>
        <source>the plan is for %1, but it sets %2</source>
        <translation>%1에 관한 것인데 %2을(를) 설정합니다</translation>
    </message>
    <message>
        <source>its nodes are missing</source>
        <translation>노드가 없습니다</translation>
    </message>
    <message>
        <source>it moves no slots</source>
        <translation>옮기는 것이 없습니다</translation>
    </message>
    <message>
        <source>it moves slots, but is not a step for that</source>
        <translation>슬롯을 옮기는 작업이 아닙니다</translation>
    </message>
    <message>
        <source>a slot move lacks its nodes or its slots</source>
        <translation>이동에 노드나 슬롯이 없습니다</translation>
    </message>
    <message>
        <source>its mode “%1” is unknown</source>
        <translation>모드 “%1”을(를) 알 수 없습니다</translation>
    </message>
    <message>
        <source>its commands are missing</source>
        <translation>명령이 없습니다</translation>
    </message>
    <message>
        <source>its folder is missing</source>
        <translation>폴더가 없습니다</translation>
    </message>
    <message>
        <source>step %1 (“%2”) is not a step that this program plans: %3</source>
        <translation>%1단계(“%2”)는 이 프로그램이 계획하는 단계가 아닙니다: %3</translation>
    </message>
    <message>
        <source>Step %1 deletes keys: %2.</source>
        <translation>%1단계에서 키를 삭제합니다: %2.</translation>
    </message>
    <message>
        <source>Step %1 promotes a replica by %2: %3.</source>
        <translation>%1단계에서 %2(으)로 레플리카를 프라이머리로 만듭니다: %3.</translation>
    </message>
    <message>
        <source>Step %1 sends %2 to %3.</source>
        <translation>%1단계에서 %3에 %2을(를) 보냅니다.</translation>
    </message>
    <message>
        <source>The user</source>
        <translation>사용자</translation>
    </message>
    <message>
        <source>The user %1</source>
        <translation>사용자 %1</translation>
    </message>
    <message>
        <source>There is no %1 on %2</source>
        <translation>%2에 %1 명령이 없습니다</translation>
    </message>
    <message>
        <source>%1 may not run %2 on %3</source>
        <translation>%1: %3에서 %2을(를) 실행할 수 없습니다</translation>
    </message>
    <message>
        <source>The command was renamed there, or no user may run it. “%1” needs it.</source>
        <translation>그곳에서 이름이 바뀌었거나 아무에게도 허용되지 않습니다. “%1”에 필요합니다.</translation>
    </message>
    <message>
        <source>“%1” needs it. Allow it there (ACL SETUSER %2 %3), or connect as another user.</source>
        <translation>“%1”에 필요합니다. 그곳에서 권한을 부여하거나(ACL SETUSER %2 %3) 다른 사용자로 연결하세요.</translation>
    </message>
    <message>
        <source>%1 has not received the epoch %2 of %3: slots that it takes now could be taken back. Is the cluster bus between the two open?</source>
        <translation>%1이(가) %3의 에포크 %2을(를) 듣지 못했습니다. 지금 받는 것을 다시 빼앗길 수 있습니다. 서로 간의 버스가 열려 있나요?</translation>
    </message>
    <message>
        <source>%1 to receive the epoch of %2</source>
        <translation>%1의 %2 에포크 수신</translation>
    </message>
    <message>
        <source>OK, so %1 learns which slots it owns</source>
        <translation>OK, %1에 소유한 슬롯을 알림</translation>
    </message>
    <message>
        <source>replica %1 has not caught up with %2 within %3 s; its slots stay in migration until it has</source>
        <translation>레플리카 %1이(가) %3초 안에 %2을(를) 따라잡지 못했습니다. 따라잡을 때까지 슬롯은 열려 있습니다</translation>
    </message>
    <message>
        <source>%1: %2; trying again</source>
        <translation>%1: %2; 다시 시도하는 중</translation>
    </message>
    <message>
        <source>another tool is moving slots of this cluster too: %1 are in migration</source>
        <translation>다른 누군가도 이 클러스터의 슬롯을 옮기고 있습니다: %1이(가) 열려 있습니다</translation>
    </message>
    <message>
        <source>%1; reading the cluster again</source>
        <translation>%1; 클러스터를 다시 확인하는 중</translation>
    </message>
    <message>
        <source>the node gave slots %1 away again, several times</source>
        <translation>슬롯 %1을(를) 여러 번 다시 내주었습니다</translation>
    </message>
    <message>
        <source>%1 no longer owns slots %2 that were handed over to it: they are moved again</source>
        <translation>%1이(가) 넘겨받은 슬롯 %2을(를) 더 이상 소유하지 않아 다시 옮깁니다</translation>
    </message>
    <message>
        <source>slot %1 is now owned by %2: another tool moved it</source>
        <translation>슬롯 %1은(는) 이제 %2의 소유입니다. 다른 누군가가 옮겼습니다</translation>
    </message>
    <message>
        <source>slots %1 were being handed over to %2: that is finished first</source>
        <translation>슬롯 %1을(를) %2에 넘기는 중이었으므로 그것부터 마칩니다</translation>
    </message>
    <message>
        <source>the node cannot be reached</source>
        <translation>노드에 접근할 수 없습니다</translation>
    </message>
    <message>
        <source>the node is now a replica of the node that its slots move to</source>
        <translation>슬롯을 받는 노드를 따르고 있습니다</translation>
    </message>
    <message>
        <source>slots %1 are moving back to %2: end that operation first, or use fix</source>
        <translation>슬롯 %1이(가) %2(으)로 돌아가는 중입니다. 그 실행이나 슬롯 수리(fix)가 먼저 끝나야 합니다</translation>
    </message>
    <message>
        <source>already done (%1)</source>
        <translation>이미 완료됨(%1)</translation>
    </message>
    <message>
        <source>%1 still contains %2 (see orphans)</source>
        <translation>%1에 아직 %2가 있습니다(고아 키 참조)</translation>
    </message>
    <message>
        <source>%1 of %2 nodes replied OK</source>
        <translation>노드 %2개 중 %1개가 OK로 응답</translation>
    </message>
    <message>
        <source>%1 to be let in again after CLUSTER FORGET</source>
        <translation>%1의 차단 해제</translation>
    </message>
    <message>
        <source>not done within %1: %2</source>
        <translation>%1 안에 되지 않음: %2</translation>
    </message>
    <message>
        <source>%1 copied</source>
        <translation>%1 복사됨</translation>
    </message>
    <message>
        <source>the node reports that it failed; its log shows the reason (disk full?)</source>
        <translation>노드가 실패했다고 합니다. 이유는 로그에 있습니다(디스크가 가득 찼나요?)</translation>
    </message>
    <message>
        <source>written</source>
        <translation>기록됨</translation>
    </message>
    <message>
        <source>%1 of %2 nodes are done</source>
        <translation>노드 %2개 중 %1개 완료</translation>
    </message>
    <message>
        <source>%1 on %2</source>
        <translation>%1(%2)</translation>
    </message>
    <message>
        <source>the node is still saving and will finish by itself</source>
        <translation>아직 기록 중이며 스스로 계속합니다</translation>
    </message>
    <message>
        <source>only a replica of %1 still showed slot %2 in migration: it was told that the slot is stable</source>
        <translation>%1의 레플리카 하나만 슬롯 %2을(를) 열린 것으로 표시하여, 닫혔다고 알렸습니다</translation>
    </message>
    <message>
        <source>no node could be read: %1</source>
        <translation>조회할 수 있는 노드가 없습니다: %1</translation>
    </message>
    <message>
        <source>all nodes to agree</source>
        <translation>모든 노드의 일치</translation>
    </message>
    <message>
        <source>%1 does not know %2 yet</source>
        <translation>%1이(가) 아직 %2을(를) 모릅니다</translation>
    </message>
    <message>
        <source>%1 and %2 are still in the handshake</source>
        <translation>%1와(과) %2이(가) 아직 핸드셰이크 중입니다</translation>
    </message>
    <message>
        <source>%1 has no cluster bus link to %2: is port %3 open between them?</source>
        <translation>%1에서 %2(으)로 버스 링크가 없습니다. 서로 간에 포트 %3이(가) 열려 있나요?</translation>
    </message>
    <message>
        <source>%1 is not in the cluster yet</source>
        <translation>%1이(가) 아직 클러스터에 없습니다</translation>
    </message>
    <message>
        <source>%2 still knows %1</source>
        <translation>%2이(가) 아직 %1을(를) 알고 있습니다</translation>
    </message>
    <message>
        <source>%1 does not know %2</source>
        <translation>%1이(가) %2을(를) 모릅니다</translation>
    </message>
    <message>
        <source>%1 does not see %2 as a primary yet</source>
        <translation>%1이(가) 아직 %2을(를) 프라이머리로 보지 않습니다</translation>
    </message>
    <message>
        <source>%1 does not see %2 as a replica of %3 yet</source>
        <translation>%1이(가) 아직 %2을(를) %3의 레플리카로 보지 않습니다</translation>
    </message>
    <message>
        <source>%1 is not a replica yet</source>
        <translation>%1이(가) 아직 레플리카가 아닙니다</translation>
    </message>
    <message>
        <source>%1 is running a full synchronization</source>
        <translation>%1이(가) 전체 복사를 받고 있습니다</translation>
    </message>
    <message>
        <source>the replication link of %1 to its primary is not up yet</source>
        <translation>%1이(가) 아직 프라이머리에 연결되지 않았습니다</translation>
    </message>
    <message>
        <source>%1 is loading its data</source>
        <translation>%1이(가) 데이터를 로드하고 있습니다</translation>
    </message>
    <message>
        <source>%1 does not see %2 as the owner of %3 yet</source>
        <translation>%1이(가) 아직 %2의 %3 소유를 말하지 않습니다</translation>
    </message>
    <message>
        <source>%1 has an outdated slot map: it assigns other slots to %2</source>
        <translation>%1의 맵이 오래되어 %2에 다른 슬롯을 표시합니다</translation>
    </message>
    <message>
        <source>replica of %1</source>
        <translation>%1의 레플리카</translation>
    </message>
    <message>
        <source>, failed</source>
        <translation>, 장애</translation>
    </message>
    <message>
        <source>, possibly failed</source>
        <translation>, 장애 의심</translation>
    </message>
    <message>
        <source>%1%2, epoch %3, %4 slots at %5</source>
        <translation>%1%2, 에포크 %3, 슬롯 %4개, 주소 %5</translation>
    </message>
    <message>
        <source>%1 describes %2 as: %3; %4 describes it as: %5</source>
        <translation>%2에 대해 %1의 말: %3; %4의 말: %5</translation>
    </message>
    <message>
        <source>the nodes do not agree yet</source>
        <translation>노드가 아직 일치하지 않습니다</translation>
    </message>
    <message>
        <source>slots %1 have no owner</source>
        <translation>슬롯 %1의 소유자가 없습니다</translation>
    </message>
    <message>
        <source>in migration: %1</source>
        <translation>열림: %1</translation>
    </message>
    <message>
        <source>the nodes name different owners for %1</source>
        <translation>노드마다 %1의 소유자를 다르게 말합니다</translation>
    </message>
    <message>
        <source>%1 is still in the handshake</source>
        <translation>%1이(가) 아직 핸드셰이크 중입니다</translation>
    </message>
    <message>
        <source>%1 reports that the cluster is down</source>
        <translation>%1이(가) 클러스터가 다운되었다고 합니다</translation>
    </message>
    <message>
        <source>%1 and %2 others</source>
        <translation>%1 외 %2개</translation>
    </message>
    <message>
        <source>%1 nodes replied OK: %2</source>
        <translation>노드 %1개가 OK로 응답: %2</translation>
    </message>
    <message>
        <source>every node sees %1 as a primary</source>
        <translation>모든 노드가 %1을(를) 프라이머리로 봄</translation>
    </message>
    <message>
        <source>every node knows %1, and has a link to it</source>
        <translation>모든 노드가 %1을(를) 알고 링크가 있음</translation>
    </message>
    <message>
        <source>every node sees %1 as a replica of %2</source>
        <translation>모든 노드가 %1을(를) %2의 레플리카로 봄</translation>
    </message>
    <message>
        <source>replication links up: %1</source>
        <translation>프라이머리에 연결됨: %1</translation>
    </message>
    <message>
        <source>each file is complete, and the manifest contains its checksum</source>
        <translation>모든 파일이 온전하고 체크섬이 manifest에 있음</translation>
    </message>
    <message>
        <source>no node knows %1 any more</source>
        <translation>%1을(를) 아는 노드가 더 이상 없음</translation>
    </message>
    <message>
        <source>%1 of %2 nodes report that the cluster is down%3</source>
        <translation>노드 %2개 중 %1개가 클러스터가 다운되었다고 합니다%3</translation>
    </message>
    <message>
        <source>, as before</source>
        <translation>, 이전과 같음</translation>
    </message>
    <message>
        <source>%1 nodes report that the cluster is ok</source>
        <translation>노드 %1개가 클러스터가 정상이라고 함</translation>
    </message>
    <message>
        <source>no node reported who owns the slots</source>
        <translation>슬롯의 소유자를 알려 준 노드가 없습니다</translation>
    </message>
    <message>
        <source>%1 nodes report the same owner for every slot</source>
        <translation>노드 %1개가 모든 슬롯의 소유자를 똑같이 말함</translation>
    </message>
    <message>
        <source>all nodes report that %1 owns %2</source>
        <translation>모두가 %1의 %2 소유를 말함</translation>
    </message>
    <message>
        <source>%1, as before</source>
        <translation>%1, 이전과 같음</translation>
    </message>
    <message>
        <source>slots in migration: %1</source>
        <translation>열린 슬롯: %1</translation>
    </message>
    <message>
        <source>no slot is in migration</source>
        <translation>열린 슬롯 없음</translation>
    </message>
    <message>
        <source>slots without an owner: %1</source>
        <translation>소유자 없는 슬롯: %1</translation>
    </message>
    <message>
        <source>all 16,384 slots have an owner</source>
        <translation>슬롯 16,384개에 모두 소유자가 있음</translation>
    </message>
    <message>
        <source>slots that no node serves: %1</source>
        <translation>서비스하는 노드가 없는 슬롯: %1</translation>
    </message>
    <message>
        <source>every owner serves its slots</source>
        <translation>모든 소유자가 슬롯을 서비스함</translation>
    </message>
    <message>
        <source>-n needs the number of a database</source>
        <translation>-n에는 데이터베이스 번호를 씁니다</translation>
    </message>
    <message>
        <source>%1 needs a value</source>
        <translation>%1의 값이 없습니다</translation>
    </message>
    <message>
        <source>“%1” does not tell how to connect</source>
        <translation>“%1”에는 연결 방법이 없습니다</translation>
    </message>
    <message>
        <source>servers offer no TLS on a Unix socket</source>
        <translation>Unix 소켓에서는 TLS를 사용하지 않습니다</translation>
    </message>
    <message>
        <source>a saved connection has no id</source>
        <translation>ID가 없는 저장된 연결이 있습니다</translation>
    </message>
    <message>
        <source>no keychain is running (Secret Service or KWallet): %1</source>
        <translation>실행 중인 키체인이 없습니다(Secret Service 또는 KWallet): %1</translation>
    </message>
    <message>
        <source>the keychain refused the request: %1</source>
        <translation>키체인이 거부했습니다: %1</translation>
    </message>
    <message>
        <source>the keychain did not answer within %1 s</source>
        <translation>키체인이 %1초 안에 응답하지 않았습니다</translation>
    </message>
    <message>
        <source>this is not a line of MONITOR: %1</source>
        <translation>MONITOR의 줄이 아닙니다: %1</translation>
    </message>
    <message>
        <source>Stopped.</source>
        <translation>중지되었습니다.</translation>
    </message>
    <message>
        <source>Stopped: the time limit of %1 was reached.</source>
        <translation>중지됨: %1의 제한 시간이 지났습니다.</translation>
    </message>
    <message>
        <source>Stopped: the limit of %1 lines was reached.</source>
        <translation>중지됨: %1줄에 도달했습니다.</translation>
    </message>
    <message>
        <source>Stopped: %1 answered a PING in %2 ms; the limit is %3 ms.</source>
        <translation>중지됨: %1이(가) PING에 %2 ms 만에 응답했습니다. 한도는 %3 ms였습니다.</translation>
    </message>
    <message>
        <source>Stopped: no node is being monitored any more.</source>
        <translation>중지됨: 더 이상 감시하는 노드가 없습니다.</translation>
    </message>
    <message>
        <source>no node answers</source>
        <translation>응답하는 노드가 없습니다</translation>
    </message>
    <message>
        <source>its subscribers are not counted</source>
        <translation>구독자를 세지 못했습니다</translation>
    </message>
    <message>
        <source>all, database %1</source>
        <translation>모두, 데이터베이스 %1</translation>
    </message>
    <message>
        <source>key %1, database %2</source>
        <translation>키 %1, 데이터베이스 %2</translation>
    </message>
    <message>
        <source>%1, database %2</source>
        <translation>%1, 데이터베이스 %2</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>일시 중지됨</translation>
    </message>
    <message>
        <source>its node is not known</source>
        <translation>해당하는 노드를 알지 못합니다</translation>
    </message>
    <message>
        <source>on %1</source>
        <translation>%1에서</translation>
    </message>
    <message>
        <source>one subscription on each primary</source>
        <translation>프라이머리마다 구독 하나</translation>
    </message>
    <message>
        <source>on %1 of %2 primaries</source>
        <translation>프라이머리 %2개 중 %1개에서</translation>
    </message>
    <message>
        <source>subscribing on %1…</source>
        <translation>%1에 요청하는 중…</translation>
    </message>
    <message>
        <source>refused by %1</source>
        <translation>%1이(가) 거부함</translation>
    </message>
    <message>
        <source>nothing received since %1</source>
        <translation>%1부터 수신 없음</translation>
    </message>
    <message>
        <source>received through %1</source>
        <translation>수신 경로: %1</translation>
    </message>
    <message>
        <source>subscribed on shard %1, moves with its slot</source>
        <translation>샤드 %1에서 유지, 슬롯을 따라감</translation>
    </message>
    <message>
        <source>subscribed on %1, moves with its slot</source>
        <translation>%1에서 유지, 슬롯을 따라감</translation>
    </message>
    <message>
        <source>The subscribers of %1 are not known: the ACL user lacks a permission. It needs: %2</source>
        <translation>ACL 사용자에게 권한이 없어 %1의 구독자를 알 수 없습니다. 필요한 권한: %2</translation>
    </message>
    <message>
        <source>It is not known whether %1 sends keyspace events: %2</source>
        <translation>%1이(가) 키스페이스 이벤트를 보내는지 알 수 없습니다: %2</translation>
    </message>
    <message>
        <source>notify-keyspace-events is empty on %1: it sends no keyspace events.</source>
        <translation>%1의 notify-keyspace-events가 비어 있어 키스페이스 이벤트를 보내지 않습니다.</translation>
    </message>
    <message>
        <source>an event class, such as A</source>
        <translation>이벤트 종류(예: A)</translation>
    </message>
    <message>
        <source>the server does not answer it with exactly one reply</source>
        <translation>응답 하나로 끝나지 않습니다</translation>
    </message>
    <message>
        <source>it changes the state of a connection that other commands use too</source>
        <translation>다른 명령도 함께 쓰는 연결 자체를 변경합니다</translation>
    </message>
    <message>
        <source>it would switch the connection to another protocol</source>
        <translation>실행하면 연결의 프로토콜이 바뀝니다</translation>
    </message>
    <message>
        <source>the server did not describe the command (COMMAND), so only well-known read commands are sent</source>
        <translation>서버가 명령의 동작을 알려 주지 않아(COMMAND) 잘 알려진 읽기 명령만 보냅니다</translation>
    </message>
    <message>
        <source>the server does not list this command</source>
        <translation>서버의 명령 목록에 없습니다</translation>
    </message>
    <message>
        <source>the server classifies it as a write command</source>
        <translation>서버가 쓰기 명령이라고 합니다</translation>
    </message>
    <message>
        <source>the server classifies it as an admin command</source>
        <translation>서버가 관리 명령이라고 합니다</translation>
    </message>
    <message>
        <source>the server classifies it as dangerous</source>
        <translation>서버가 위험한 명령이라고 합니다</translation>
    </message>
    <message>
        <source>the server does not classify it as read-only</source>
        <translation>서버가 읽기 전용 명령이라고 하지 않습니다</translation>
    </message>
    <message>
        <source>The server</source>
        <translation>서버</translation>
    </message>
    <message>
        <source>, standalone</source>
        <translation>, 단독 서버</translation>
    </message>
    <message>
        <source>%1 does not run in cluster mode: it is shown as one shard without slots.</source>
        <translation>%1이(가) 클러스터 모드로 실행되지 않습니다. 슬롯 없는 샤드 하나로 표시합니다.</translation>
    </message>
    <message>
        <source>This user may not run CLUSTER INFO on %1: %2</source>
        <translation>이 사용자는 %1에서 CLUSTER INFO를 실행할 수 없습니다: %2</translation>
    </message>
    <message>
        <source>%1, cluster of %2 nodes, %3 primaries with slots</source>
        <translation>%1, 노드 %2개의 클러스터, 슬롯이 있는 프라이머리 %3개</translation>
    </message>
    <message>
        <source>%1 reports that the cluster is down: %2 of 16,384 slots are covered.</source>
        <translation>%1이(가) 클러스터가 다운되었다고 합니다. 슬롯 16,384개 중 %2개가 할당되었습니다.</translation>
    </message>
    <message>
        <source>%1 and %2 more</source>
        <translation>%1 외 %2개</translation>
    </message>
    <message>
        <source>entry %1 of the log: %2</source>
        <translation>로그의 엔트리 %1: %2</translation>
    </message>
    <message>
        <source>the log is not a list</source>
        <translation>로그가 목록이 아닙니다</translation>
    </message>
    <message>
        <source>the copy was written, but now differs from the source (%1): one of them may have been changed</source>
        <translation>복사본을 썼지만 지금은 원본과 다르게 읽힙니다(%1). 누군가 한쪽을 변경했을 수 있습니다</translation>
    </message>
    <message>
        <source>the copy was written, but could not be compared: %1</source>
        <translation>복사본을 썼지만 비교하지 못했습니다: %1</translation>
    </message>
    <message>
        <source>copied element by element, because the target refuses the DUMP payloads of the source: %1</source>
        <translation>대상이 원본의 페이로드를 받지 않아 요소별로 복사했습니다: %1</translation>
    </message>
    <message>
        <source>long values that changed while they were read, so the file holds a mix of versions: %1</source>
        <translation>읽는 동안 변경되어 파일에 한 시점의 값이 담기지 않은 긴 값: %1</translation>
    </message>
    <message>
        <source>line %1</source>
        <translation>%1번째 줄</translation>
    </message>
    <message>
        <source>the rest of the value is missing: nothing of it was written</source>
        <translation>나머지 부분이 없어 아무것도 쓰지 않았습니다</translation>
    </message>
    <message>
        <source>the parts before it are missing: nothing of it was written</source>
        <translation>앞부분이 없어 아무것도 쓰지 않았습니다</translation>
    </message>
    <message>
        <source>keys that had already expired: %1</source>
        <translation>TTL이 이미 끝난 키: %1</translation>
    </message>
    <message>
        <source>end of the file</source>
        <translation>파일의 끝</translation>
    </message>
    <message>
        <source>the last line is missing: the file was truncated, or the export was stopped. Everything before it was imported</source>
        <translation>마지막 줄이 없습니다. 파일이 잘렸거나 내보내기가 중지되었습니다. 그 앞의 내용은 가져왔습니다</translation>
    </message>
    <message>
        <source>the file should contain %1 keys, but %2 were found</source>
        <translation>키가 %1개 있어야 하는데 %2개를 찾았습니다</translation>
    </message>
    <message>
        <source>after line %1</source>
        <translation>%1번째 줄 뒤</translation>
    </message>
    <message>
        <source>not JSON: %1 at byte %2</source>
        <translation>JSON이 아닙니다: %2번째 바이트에서 %1</translation>
    </message>
    <message>
        <source>not a JSON object</source>
        <translation>JSON 객체가 아닙니다</translation>
    </message>
    <message>
        <source>the file has version %1, but this program reads version %2</source>
        <translation>버전 %1의 파일인데 이 프로그램은 버전 %2을(를) 읽습니다</translation>
    </message>
    <message>
        <source>the key no longer exists</source>
        <translation>키가 더 이상 없습니다</translation>
    </message>
    <message>
        <source>the connection was lost during the write; the key may have been written: %1</source>
        <translation>쓰는 동안 연결이 끊어졌습니다. 키가 써졌을 수 있습니다: %1</translation>
    </message>
    <message>
        <source>its name does not begin with %1</source>
        <translation>이름이 %1(으)로 시작하지 않습니다</translation>
    </message>
    <message>
        <source>slot %1 has no owner</source>
        <translation>슬롯 %1의 소유자가 없습니다</translation>
    </message>
    <message>
        <source>a key with that name exists: nothing was changed</source>
        <translation>같은 이름의 키가 있어 아무것도 변경하지 않았습니다</translation>
    </message>
    <message>
        <source>%1: nothing was renamed. Try again</source>
        <translation>%1: 이름을 바꾸지 않았습니다. 다시 시도하세요</translation>
    </message>
    <message>
        <source>%1: the old key was kept, so both names exist now</source>
        <translation>%1: 이전 키를 유지하여 두 이름이 모두 있습니다</translation>
    </message>
    <message>
        <source>the copy exists, but it is not known whether the old key was deleted: check both</source>
        <translation>복사본은 있지만 이전 키가 사라졌는지 알 수 없습니다. 둘 다 확인하세요</translation>
    </message>
    <message>
        <source>the old key could not be deleted (%1)</source>
        <translation>이전 키를 제거하지 못했습니다(%1)</translation>
    </message>
    <message>
        <source>another client changed the key in the meantime</source>
        <translation>그 사이 누군가 키를 변경했습니다</translation>
    </message>
    <message>
        <source>the copy differs from the old key, which was kept; both names exist now</source>
        <translation>복사본이 이전 키와 다릅니다. 이전 키를 유지하여 두 이름이 모두 있습니다</translation>
    </message>
    <message>
        <source>the reply to EXEC does not match the commands that were sent: read the key again to see what was done</source>
        <translation>EXEC의 응답이 보낸 내용과 맞지 않습니다. 키를 다시 읽어 무엇이 실행되었는지 확인하세요</translation>
    </message>
    <message>
        <source>other clients keep changing this key: nothing was changed. Try again</source>
        <translation>다른 사용자가 이 키를 계속 변경하고 있어 아무것도 변경하지 않았습니다. 다시 시도하세요</translation>
    </message>
    <message>
        <source>the value would have expired by now: nothing was changed</source>
        <translation>지금이면 이미 만료되었을 값이라 아무것도 변경하지 않았습니다</translation>
    </message>
    <message>
        <source>✓ passed</source>
        <translation>✓ 통과</translation>
    </message>
    <message>
        <source>▲ warning</source>
        <translation>▲ 경고</translation>
    </message>
    <message>
        <source>✕ refused</source>
        <translation>✕ 거부</translation>
    </message>
    <message>
        <source>Checks</source>
        <translation>검사</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>단계</translation>
    </message>
    <message>
        <source>Data may be lost</source>
        <translation>데이터가 유실될 수 있습니다</translation>
    </message>
    <message>
        <source>Notes</source>
        <translation>메모</translation>
    </message>
    <message>
        <source>Verified at the end</source>
        <translation>마지막에 확인하는 사항</translation>
    </message>
    <message>
        <source>Save messages</source>
        <translation>메시지 저장</translation>
    </message>
    <message>
        <source>JSON lines (*.jsonl)</source>
        <translation>JSON 줄 (*.jsonl)</translation>
    </message>
    <message>
        <source>Nothing was saved. %1</source>
        <translation>아무것도 저장하지 않았습니다. %1</translation>
    </message>
    <message>
        <source>there is no connection</source>
        <translation>연결이 없습니다</translation>
    </message>
    <message>
        <source> It needs %1.</source>
        <translation> 필요한 권한: %1.</translation>
    </message>
    <message>
        <source>Done on 1 node.</source>
        <translation>노드 1개에 적용했습니다.</translation>
    </message>
    <message>
        <source>Done on %1 nodes.</source>
        <translation>노드 %1개에 적용했습니다.</translation>
    </message>
    <message>
        <source>Done on %1 of %2 nodes.</source>
        <translation>노드 %2개 중 %1개에 적용했습니다.</translation>
    </message>
    <message>
        <source>Change %1?</source>
        <translation>%1을(를) 변경할까요?</translation>
    </message>
    <message>
        <source>%1 is marked as production.</source>
        <translation>%1은(는) 프로덕션으로 표시되어 있습니다.</translation>
    </message>
    <message>
        <source>%1 will be sent.</source>
        <translation>%1 명령을 보냅니다.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <source>Change it</source>
        <translation>변경</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>내보내기</translation>
    </message>
    <message>
        <source>Nothing was exported. %1</source>
        <translation>내보내지 않았습니다. %1</translation>
    </message>
    <message>
        <source>Server</source>
        <translation>서버</translation>
    </message>
    <message>
        <source>%1 slots</source>
        <translation>슬롯 %1개</translation>
    </message>
    <message>
        <source>%1 % of keys</source>
        <translation>키의 %1 %</translation>
    </message>
    <message>
        <source>no primary is known</source>
        <translation>알려진 프라이머리 없음</translation>
    </message>
    <message>
        <source>1 node without a shard</source>
        <translation>외부 노드 1개</translation>
    </message>
    <message>
        <source>%1 nodes without a shard</source>
        <translation>외부 노드 %1개</translation>
    </message>
    <message>
        <source>in no shard</source>
        <translation>샤드에 속하지 않음</translation>
    </message>
    <message>
        <source>1 primary</source>
        <translation>프라이머리 1개</translation>
    </message>
    <message>
        <source>%1 primaries</source>
        <translation>프라이머리 %1개</translation>
    </message>
    <message>
        <source>1 replica</source>
        <translation>레플리카 1개</translation>
    </message>
    <message>
        <source>%1 replicas</source>
        <translation>레플리카 %1개</translation>
    </message>
    <message>
        <source>▲ 1 replica shares this host with its primary</source>
        <translation>▲ 레플리카 1개가 프라이머리와 같은 호스트에 있음</translation>
    </message>
    <message>
        <source>▲ %1 replicas share this host with their primary</source>
        <translation>▲ 레플리카 %1개가 프라이머리와 같은 호스트에 있음</translation>
    </message>
    <message>
        <source>%1 min %2 s</source>
        <translation>%1분 %2초</translation>
    </message>
    <message>
        <source>%1 h %2 min</source>
        <translation>%1시간 %2분</translation>
    </message>
    <message>
        <source>%1 d %2 h</source>
        <translation>%1일 %2시간</translation>
    </message>
    <message>
        <source>%1 min</source>
        <translation>%1분</translation>
    </message>
    <message>
        <source>%1 h</source>
        <translation>%1시간</translation>
    </message>
    <message>
        <source>%1 d</source>
        <translation>%1일</translation>
    </message>
    <message>
        <source>d MMM HH:mm</source>
        <translation>M월 d일 HH:mm</translation>
    </message>
    <message>
        <source>d MMM yyyy HH:mm</source>
        <translation>yyyy년 M월 d일 HH:mm</translation>
    </message>
    <message>
        <source>the plan contains something that this version does not understand</source>
        <translation>이해할 수 없는 내용이 있는 계획입니다</translation>
    </message>
    <message>
        <source>the reply does not have the form that is expected for this command</source>
        <translation>응답이 이 명령의 응답 형식과 다릅니다</translation>
    </message>
    <message>
        <source>The connection was lost</source>
        <translation>연결이 끊어졌습니다</translation>
    </message>
    <message>
        <source>this is not a line of CLUSTER INFO</source>
        <translation>CLUSTER INFO의 줄이 아닙니다</translation>
    </message>
    <message>
        <source>this is not a cluster state</source>
        <translation>클러스터의 상태가 아닙니다</translation>
    </message>
    <message>
        <source>this is not a number</source>
        <translation>숫자가 아닙니다</translation>
    </message>
    <message>
        <source>CLUSTER INFO contains no cluster_state</source>
        <translation>CLUSTER INFO에 cluster_state가 없습니다</translation>
    </message>
    <message>
        <source>this is not a list of links</source>
        <translation>링크 목록이 아닙니다</translation>
    </message>
    <message>
        <source>this is not a link</source>
        <translation>링크가 아닙니다</translation>
    </message>
    <message>
        <source>this is not the reply of COMMAND</source>
        <translation>명령 표가 아닙니다</translation>
    </message>
    <message>
        <source>this is not a command description</source>
        <translation>명령 설명이 아닙니다</translation>
    </message>
    <message>
        <source>this is not a line of CLUSTER NODES</source>
        <translation>노드의 줄이 아닙니다</translation>
    </message>
    <message>
        <source>this is not an address</source>
        <translation>주소가 아닙니다</translation>
    </message>
    <message>
        <source>these are not the flags of a node</source>
        <translation>노드의 플래그가 아닙니다</translation>
    </message>
    <message>
        <source>this is not the id of a primary</source>
        <translation>프라이머리의 ID가 아닙니다</translation>
    </message>
    <message>
        <source>these are not the ping times and epoch of a node</source>
        <translation>노드의 시각과 에포크가 아닙니다</translation>
    </message>
    <message>
        <source>this is not a link state</source>
        <translation>링크 상태가 아닙니다</translation>
    </message>
    <message>
        <source>these are not the slots of a node</source>
        <translation>노드의 슬롯이 아닙니다</translation>
    </message>
    <message>
        <source>the reply of CLUSTER NODES is larger than 64 MB</source>
        <translation>64 MB를 넘는 노드 테이블</translation>
    </message>
    <message>
        <source>two lines are marked as the answering node (myself)</source>
        <translation>응답한 노드의 줄이 두 번 있습니다</translation>
    </message>
    <message>
        <source>CLUSTER NODES lists no node</source>
        <translation>테이블에 노드가 없습니다</translation>
    </message>
    <message>
        <source>the reply of INFO is larger than 16 MB</source>
        <translation>16 MB를 넘는 INFO</translation>
    </message>
    <message>
        <source>this is not a reply of INFO</source>
        <translation>INFO의 응답이 아닙니다</translation>
    </message>
    <message>
        <source>this is not a list</source>
        <translation>목록이 아닙니다</translation>
    </message>
    <message>
        <source>this is not a row of CLUSTER SLOTS</source>
        <translation>CLUSTER SLOTS의 행이 아닙니다</translation>
    </message>
    <message>
        <source>this is not an entry of CLUSTER SHARDS</source>
        <translation>CLUSTER SHARDS의 엔트리가 아닙니다</translation>
    </message>
    <message>
        <source>this is not a slot or a range of slots</source>
        <translation>슬롯 또는 슬롯 범위가 아닙니다</translation>
    </message>
    <message>
        <source>this is not a plan</source>
        <translation>계획이 아닙니다</translation>
    </message>
    <message>
        <source>a quote is not closed</source>
        <translation>따옴표가 닫히지 않았습니다</translation>
    </message>
    <message>
        <source>a closing quote must be followed by a space</source>
        <translation>닫는 따옴표 뒤에는 공백이 있어야 합니다</translation>
    </message>
    <message>
        <source>the entry has fewer than four fields</source>
        <translation>필드가 네 개보다 적습니다</translation>
    </message>
    <message>
        <source>a field is not a number</source>
        <translation>숫자가 아닌 필드가 있습니다</translation>
    </message>
    <message>
        <source>the entry contains no command</source>
        <translation>명령이 없습니다</translation>
    </message>
    <message>
        <source>No command.</source>
        <translation>실행할 수 있는 명령 없음.</translation>
    </message>
    <message>
        <source>all commands</source>
        <translation>모든 명령</translation>
    </message>
    <message>
        <source>without %1</source>
        <translation>%1 제외</translation>
    </message>
    <message>
        <source>Commands: %1.</source>
        <translation>명령: %1.</translation>
    </message>
    <message>
        <source>Read and write access to all keys.</source>
        <translation>모든 키, 읽기와 쓰기.</translation>
    </message>
    <message>
        <source>Read and write access to keys: %1.</source>
        <translation>읽고 쓸 수 있는 키: %1.</translation>
    </message>
    <message>
        <source>Read access to keys: %1.</source>
        <translation>읽을 수 있는 키: %1.</translation>
    </message>
    <message>
        <source>Write access to keys: %1.</source>
        <translation>쓸 수 있는 키: %1.</translation>
    </message>
    <message>
        <source>No access to keys.</source>
        <translation>접근할 수 있는 키 없음.</translation>
    </message>
    <message>
        <source>All Pub/Sub channels.</source>
        <translation>모든 Pub/Sub 채널.</translation>
    </message>
    <message>
        <source>No Pub/Sub channels.</source>
        <translation>사용할 수 있는 Pub/Sub 채널 없음.</translation>
    </message>
    <message>
        <source>Pub/Sub channels: %1.</source>
        <translation>Pub/Sub 채널: %1.</translation>
    </message>
    <message>
        <source>“)” is missing after %1</source>
        <translation>%1에 닫는 괄호가 없습니다</translation>
    </message>
    <message>
        <source>enter passwords in the field for passwords</source>
        <translation>비밀번호는 별도의 칸에 입력하세요</translation>
    </message>
    <message>
        <source>%1 is not a rule: +command, -command, +@category, ~keys, %R~keys, &amp;channels</source>
        <translation>%1은(는) 규칙이 아닙니다: +command, -command, +@category, ~keys, %R~keys, &amp;channels</translation>
    </message>
    <message>
        <source>Off: nobody can log in as this user.</source>
        <translation>꺼져 있음: 아무도 이 사용자로 로그인할 수 없습니다.</translation>
    </message>
    <message>
        <source>All of these together: %1</source>
        <translation>또는 함께: %1</translation>
    </message>
    <message>
        <source>Additionally: %1.</source>
        <translation>그리고: %1.</translation>
    </message>
    <message>
        <source>Anyone who reaches a node can do everything as this user, without a password.</source>
        <translation>노드에 접근하는 누구나 비밀번호 없이 이 사용자로 무엇이든 할 수 있습니다.</translation>
    </message>
    <message>
        <source>Anyone who reaches a node can log in as this user without a password.</source>
        <translation>노드에 접근하는 누구나 비밀번호 없이 이 사용자로 로그인할 수 있습니다.</translation>
    </message>
    <message>
        <source>The user has no password, and nopass is not set: nobody can log in as this user.</source>
        <translation>비밀번호가 없고 nopass도 설정되지 않아 아무도 로그인할 수 없습니다.</translation>
    </message>
    <message>
        <source>The user may run everything, including ACL and SHUTDOWN.</source>
        <translation>ACL과 SHUTDOWN을 포함해 무엇이든 할 수 있습니다.</translation>
    </message>
    <message>
        <source>not required</source>
        <translation>요구하지 않음</translation>
    </message>
    <message>
        <source>none</source>
        <translation>없음</translation>
    </message>
    <message>
        <source>1 password</source>
        <translation>비밀번호 1개</translation>
    </message>
    <message>
        <source>%1 passwords</source>
        <translation>비밀번호 %1개</translation>
    </message>
    <message>
        <source>the reply of CONFIG GET does not consist of names and values</source>
        <translation>CONFIG GET의 응답이 이름과 값이 아닙니다</translation>
    </message>
    <message>
        <source>Persistence</source>
        <translation>영속성</translation>
    </message>
    <message>
        <source>Latency, slow log</source>
        <translation>지연 시간, 슬로우 로그</translation>
    </message>
    <message>
        <source>Cluster</source>
        <translation>클러스터</translation>
    </message>
    <message>
        <source>Replication</source>
        <translation>복제</translation>
    </message>
    <message>
        <source>Network and TLS</source>
        <translation>네트워크와 TLS</translation>
    </message>
    <message>
        <source>Security</source>
        <translation>보안</translation>
    </message>
    <message>
        <source>Other</source>
        <translation>기타</translation>
    </message>
    <message>
        <source>Highest share of a core for defragmentation, used when fragmentation reaches its upper threshold.</source>
        <translation>단편화가 상한에 도달했을 때 단편화 제거가 사용할 수 있는 코어의 최대 비율.</translation>
    </message>
    <message>
        <source>Lowest share of a core for defragmentation while it runs.</source>
        <translation>단편화 제거가 시작된 뒤 사용하는 코어의 최소 비율.</translation>
    </message>
    <message>
        <source>Longest time that one cycle of defragmentation may block the server.</source>
        <translation>단편화 제거 한 번이 서버를 멈출 수 있는 시간.</translation>
    </message>
    <message>
        <source>Defragmentation does not start while less memory than this is wasted.</source>
        <translation>낭비되는 메모리가 이보다 적으면 단편화 제거를 시작하지 않습니다.</translation>
    </message>
    <message>
        <source>Collections with more elements than this are defragmented later, in parts.</source>
        <translation>요소가 이보다 많은 컬렉션은 나중에 나누어 단편화를 제거합니다.</translation>
    </message>
    <message>
        <source>Fragmentation at which defragmentation starts.</source>
        <translation>단편화 제거를 시작하는 단편화 비율.</translation>
    </message>
    <message>
        <source>Fragmentation at which defragmentation uses its highest share of a core.</source>
        <translation>단편화 제거가 허용된 시간을 모두 쓰는 단편화 비율.</translation>
    </message>
    <message>
        <source>How hard the server searches for expired keys, from 1 to 10. A higher effort frees memory earlier and costs CPU time.</source>
        <translation>만료된 키를 얼마나 적극적으로 찾을지(1~10). 높을수록 메모리를 빨리 비우고 시간이 더 듭니다.</translation>
    </message>
    <message>
        <source>Moves values in memory while the server runs, to reduce fragmentation. Needs jemalloc.</source>
        <translation>서버가 실행되는 동안 메모리의 값을 옮겨 단편화 손실을 줄입니다. jemalloc이 필요합니다.</translation>
    </message>
    <message>
        <source>Spends 1 ms of every 100 ms on resizing the main hash table.</source>
        <translation>키 테이블을 늘리거나 줄이는 데 100 ms마다 1 ms를 씁니다.</translation>
    </message>
    <message>
        <source>Hashes with at most this many fields are stored compactly.</source>
        <translation>필드가 이 수 이하인 해시를 압축된 형태로 저장합니다.</translation>
    </message>
    <message>
        <source>Hashes whose fields and values are at most this long are stored compactly.</source>
        <translation>필드와 값의 길이가 이 이하인 해시를 압축된 형태로 저장합니다.</translation>
    </message>
    <message>
        <source>A HyperLogLog larger than this is stored in its dense form of 12 kB.</source>
        <translation>이보다 큰 HyperLogLog는 12 kB의 밀집 형태로 저장합니다.</translation>
    </message>
    <message>
        <source>Lets the memory allocator return memory to the system in a background thread.</source>
        <translation>할당기가 별도의 스레드에서 메모리를 시스템에 돌려주게 합니다.</translation>
    </message>
    <message>
        <source>Frees evicted values in another thread.</source>
        <translation>축출된 값을 다른 스레드에서 해제합니다.</translation>
    </message>
    <message>
        <source>Frees expired values in another thread.</source>
        <translation>만료된 값을 다른 스레드에서 해제합니다.</translation>
    </message>
    <message>
        <source>Frees values that a command overwrites (RENAME, SET) in another thread.</source>
        <translation>명령(RENAME, SET)이 덮어쓰는 값을 다른 스레드에서 해제합니다.</translation>
    </message>
    <message>
        <source>Makes DEL behave like UNLINK: values are freed in another thread.</source>
        <translation>DEL이 UNLINK처럼 동작합니다. 값을 다른 스레드에서 해제합니다.</translation>
    </message>
    <message>
        <source>Makes FLUSHALL and FLUSHDB free the data in another thread unless SYNC is given.</source>
        <translation>SYNC를 지정하지 않으면 FLUSHALL과 FLUSHDB가 데이터를 다른 스레드에서 해제합니다.</translation>
    </message>
    <message>
        <source>Minutes after which the LFU access counter of a key decreases.</source>
        <translation>키의 사용 빈도 카운터를 절반으로 줄이는 간격(분).</translation>
    </message>
    <message>
        <source>How slowly the LFU access counter grows: a higher factor needs more hits.</source>
        <translation>그 카운터가 포화되는 속도. 높을수록 더 많은 접근이 필요합니다.</translation>
    </message>
    <message>
        <source>Number of list nodes at each end that stay uncompressed; 0 disables compression.</source>
        <translation>리스트의 양 끝에서 압축하지 않는 노드 수. 0은 압축하지 않습니다.</translation>
    </message>
    <message>
        <source>Size of a list node: number of entries if positive, size class in bytes if negative (-2 is 8 kB).</source>
        <translation>리스트 노드의 크기. 양수면 엔트리 수, 음수면 바이트 한도입니다(-2는 8 kB).</translation>
    </message>
    <message>
        <source>Memory limit for data, above which keys are evicted or writes refused. 0 sets no limit: the system then decides.</source>
        <translation>키를 축출하거나 쓰기를 거부하기 전까지 데이터가 쓸 수 있는 메모리. 0은 제한 없음이며 시스템에 따릅니다.</translation>
    </message>
    <message>
        <source>Limit for the memory of all client buffers together, in bytes or in percent of maxmemory. Above it, the largest clients are disconnected. 0 sets no limit.</source>
        <translation>모든 클라이언트 버퍼의 합계 한도(바이트 또는 maxmemory의 비율). 넘으면 가장 큰 클라이언트의 연결을 끊습니다. 0은 제한 없음.</translation>
    </message>
    <message>
        <source>How long one eviction cycle may take, from 0 (short) to 100 (until memory is below the limit).</source>
        <translation>축출 한 번에 쓸 수 있는 시간. 0(짧게)부터 100(끝날 때까지)까지.</translation>
    </message>
    <message>
        <source>Which keys the server removes when maxmemory is reached. With noeviction, writes are refused instead.</source>
        <translation>maxmemory에 도달했을 때 서버가 제거할 키. noeviction이면 대신 쓰기를 거부합니다.</translation>
    </message>
    <message>
        <source>Number of keys that are sampled to find one to evict: more is more exact and slower.</source>
        <translation>축출할 키를 찾기 위해 살펴보는 키의 수. 많을수록 정확하고 느립니다.</translation>
    </message>
    <message>
        <source>A replica does not evict keys by itself: it applies the evictions of its primary.</source>
        <translation>레플리카는 스스로 축출하지 않고 프라이머리를 따릅니다.</translation>
    </message>
    <message>
        <source>Sets of integers with at most this many members are stored compactly (intset).</source>
        <translation>멤버가 이 수 이하인 정수 집합을 압축된 형태로 저장합니다.</translation>
    </message>
    <message>
        <source>Other sets with at most this many members are stored compactly.</source>
        <translation>멤버가 이 수 이하인 그 밖의 집합을 압축된 형태로 저장합니다.</translation>
    </message>
    <message>
        <source>Sets whose members are at most this long are stored compactly.</source>
        <translation>멤버의 길이가 이 이하인 집합을 압축된 형태로 저장합니다.</translation>
    </message>
    <message>
        <source>Largest size of a stream node in bytes.</source>
        <translation>스트림 노드의 크기.</translation>
    </message>
    <message>
        <source>Largest number of entries in a stream node.</source>
        <translation>스트림 노드의 엔트리 수.</translation>
    </message>
    <message>
        <source>Sorted sets with at most this many members are stored compactly.</source>
        <translation>멤버가 이 수 이하인 정렬된 집합을 압축된 형태로 저장합니다.</translation>
    </message>
    <message>
        <source>Sorted sets whose members are at most this long are stored compactly.</source>
        <translation>멤버의 길이가 이 이하인 정렬된 집합을 압축된 형태로 저장합니다.</translation>
    </message>
    <message>
        <source>Disables transparent huge pages for this process: they slow down forks and increase memory use.</source>
        <translation>이 프로세스에 투명한 대형 페이지를 쓰지 않도록 시스템에 요청합니다. fork를 느리게 하고 메모리를 늘리기 때문입니다.</translation>
    </message>
    <message>
        <source>Number of keys that the server tracks for client-side caching; beyond it, some are invalidated early.</source>
        <translation>클라이언트 측 캐싱을 위해 기억하는 키의 수. 넘으면 일부를 일찍 무효화합니다.</translation>
    </message>
    <message>
        <source>Keys neither expire nor are evicted while another tool imports data.</source>
        <translation>다른 도구가 데이터를 가져오는 동안 키가 만료되거나 축출되지 않습니다.</translation>
    </message>
    <message>
        <source>Keeps old AOF files after a rewrite. For debugging.</source>
        <translation>재작성 후 이전 AOF 파일을 남깁니다. 디버깅용입니다.</translation>
    </message>
    <message>
        <source>Starts even if a crash truncated the AOF; the last command is lost.</source>
        <translation>비정상 종료로 끝이 잘린 AOF로도 시작합니다. 마지막 명령을 잃습니다.</translation>
    </message>
    <message>
        <source>Flushes a rewritten AOF to disk every 4 MB instead of all at its end.</source>
        <translation>재작성한 AOF를 마지막에 한꺼번에 쓰지 않고 4 MB씩 디스크에 씁니다.</translation>
    </message>
    <message>
        <source>Records timestamps in the AOF, so that it can be truncated to a point in time.</source>
        <translation>AOF에 시각을 기록하여 특정 시점까지 되돌릴 수 있게 합니다.</translation>
    </message>
    <message>
        <source>A rewritten AOF begins with an RDB part: smaller, and faster to load.</source>
        <translation>재작성한 AOF가 RDB로 시작합니다. 더 작고 빨리 로드됩니다.</translation>
    </message>
    <message>
        <source>Folder of the AOF files, within dir.</source>
        <translation>dir 안의 AOF 파일 폴더.</translation>
    </message>
    <message>
        <source>Prefix of the names of AOF files.</source>
        <translation>AOF 파일 이름의 앞부분.</translation>
    </message>
    <message>
        <source>When the AOF is flushed to disk: after each write, once a second (a crash loses a second), or when the system decides.</source>
        <translation>AOF를 디스크에 내려 쓰는 시점: 쓸 때마다, 1초마다(비정상 종료 시 1초를 잃음), 시스템이 정하는 때.</translation>
    </message>
    <message>
        <source>Logs every write to the append-only file.</source>
        <translation>모든 쓰기를 AOF(append-only 파일)에 기록합니다.</translation>
    </message>
    <message>
        <source>An AOF smaller than this is not rewritten automatically.</source>
        <translation>이보다 작은 AOF는 자동으로 재작성하지 않습니다.</translation>
    </message>
    <message>
        <source>How much the AOF may grow since the last rewrite, in percent, before it is rewritten; 0 disables automatic rewrites.</source>
        <translation>마지막 재작성 이후 AOF가 이만큼 커지면 재작성합니다. 0은 하지 않음.</translation>
    </message>
    <message>
        <source>Name of the RDB file, within dir.</source>
        <translation>dir 안의 RDB 파일 이름.</translation>
    </message>
    <message>
        <source>Folder of the RDB, the AOF and the nodes.conf of a cluster.</source>
        <translation>RDB, AOF, 클러스터 테이블의 폴더.</translation>
    </message>
    <message>
        <source>Does not flush the AOF while a save or rewrite runs: avoids stalls, but a crash may lose up to 30 seconds.</source>
        <translation>저장이나 재작성 중에는 AOF를 내려 쓰지 않습니다. 멈춤이 없지만 비정상 종료 시 최대 30초를 잃습니다.</translation>
    </message>
    <message>
        <source>Deletes RDB files that were made only for replication if persistence is off.</source>
        <translation>다른 영속성을 쓰지 않을 때, 복제만을 위해 만든 RDB 파일을 지웁니다.</translation>
    </message>
    <message>
        <source>Flushes an RDB to disk every 4 MB instead of all at its end.</source>
        <translation>RDB를 마지막에 한꺼번에 쓰지 않고 4 MB씩 디스크에 씁니다.</translation>
    </message>
    <message>
        <source>Whether an RDB of a newer version is refused.</source>
        <translation>더 새로운 버전의 RDB를 거부할지 여부.</translation>
    </message>
    <message>
        <source>Writes a checksum at the end of an RDB and verifies it when loading.</source>
        <translation>RDB 끝에 체크섬을 붙이고 로드할 때 확인합니다.</translation>
    </message>
    <message>
        <source>Compresses long strings in an RDB.</source>
        <translation>RDB의 긴 문자열을 압축합니다.</translation>
    </message>
    <message>
        <source>Validates RDB files and RESTORE payloads thoroughly before using them.</source>
        <translation>RDB 파일과 RESTORE 페이로드를 사용하기 전에 자세히 검사합니다.</translation>
    </message>
    <message>
        <source>When an RDB is saved: pairs of seconds and number of changes. Empty: never automatically.</source>
        <translation>RDB를 저장하는 시점: 초와 변경 수의 쌍. 비우면 자동으로 저장하지 않습니다.</translation>
    </message>
    <message>
        <source>Refuses writes after a failed save, so that the failure is noticed.</source>
        <translation>저장에 실패하면 알아챌 수 있도록 쓰기를 거부합니다.</translation>
    </message>
    <message>
        <source>Events that take at least this long are recorded for LATENCY. 0 records nothing.</source>
        <translation>이 시간 이상 걸린 이벤트를 기록합니다(LATENCY). 0은 기록하지 않음.</translation>
    </message>
    <message>
        <source>Records a histogram of the execution times of each command.</source>
        <translation>모든 명령의 시간 히스토그램을 유지합니다.</translation>
    </message>
    <message>
        <source>Percentiles that INFO latencystats shows.</source>
        <translation>INFO latencystats가 알려 주는 백분위수.</translation>
    </message>
    <message>
        <source>Commands that run at least this long are recorded in the slow log. -1 records nothing, 0 everything.</source>
        <translation>이 시간 이상 실행된 명령을 슬로우 로그에 남깁니다. -1은 남기지 않음, 0은 모두.</translation>
    </message>
    <message>
        <source>Number of entries that the slow log keeps.</source>
        <translation>슬로우 로그가 보관하는 엔트리 수.</translation>
    </message>
    <message>
        <source>Requests larger than this are recorded. -1 records nothing.</source>
        <translation>이보다 큰 요청을 기록합니다. -1은 기록하지 않음.</translation>
    </message>
    <message>
        <source>Number of entries that the log of large requests keeps.</source>
        <translation>큰 요청 로그가 보관하는 엔트리 수.</translation>
    </message>
    <message>
        <source>Replies larger than this are recorded. -1 records nothing.</source>
        <translation>이보다 큰 응답을 기록합니다. -1은 기록하지 않음.</translation>
    </message>
    <message>
        <source>Number of entries that the log of large replies keeps.</source>
        <translation>큰 응답 로그가 보관하는 엔트리 수.</translation>
    </message>
    <message>
        <source>After a script has run this long, the server answers other clients with BUSY, and the script can be killed.</source>
        <translation>스크립트가 이 시간 이상 실행되면 서버가 BUSY로 응답하며 종료할 수 있게 됩니다.</translation>
    </message>
    <message>
        <source>Serves sharded Pub/Sub while the cluster is down.</source>
        <translation>클러스터가 다운된 동안에도 샤드 Pub/Sub을 서비스합니다.</translation>
    </message>
    <message>
        <source>Serves reads while the cluster is down: they may be outdated.</source>
        <translation>클러스터가 다운된 동안에도 읽기를 서비스합니다. 오래된 값일 수 있습니다.</translation>
    </message>
    <message>
        <source>A spare replica moves to a primary that has none, and a primary that loses its last slot becomes a replica.</source>
        <translation>여분의 레플리카가 레플리카 없는 프라이머리로 옮겨 가고, 비워진 프라이머리는 레플리카가 됩니다.</translation>
    </message>
    <message>
        <source>Cluster bus port that is announced to other nodes; 0: the real one.</source>
        <translation>다른 노드에 알리는 클러스터 버스 포트. 0: 실제 포트.</translation>
    </message>
    <message>
        <source>IPv4 address that is announced to clients.</source>
        <translation>클라이언트에 알리는 IPv4 주소.</translation>
    </message>
    <message>
        <source>IPv6 address that is announced to clients.</source>
        <translation>클라이언트에 알리는 IPv6 주소.</translation>
    </message>
    <message>
        <source>Port that is announced to clients; 0: the same as cluster-announce-port.</source>
        <translation>클라이언트에 알리는 포트. 0: 알린 포트.</translation>
    </message>
    <message>
        <source>TLS port that is announced to clients; 0: the announced TLS port.</source>
        <translation>클라이언트에 알리는 TLS 포트. 0: 알린 포트.</translation>
    </message>
    <message>
        <source>Host name that can be announced to clients in place of the address.</source>
        <translation>주소 대신 클라이언트에 알릴 수 있는 호스트 이름.</translation>
    </message>
    <message>
        <source>Name of the node in logs.</source>
        <translation>로그에 쓰는 노드의 이름.</translation>
    </message>
    <message>
        <source>Address that is announced to other nodes and to clients; empty: the one that the other nodes see.</source>
        <translation>다른 노드와 클라이언트에 알리는 주소. 비우면 보이는 주소.</translation>
    </message>
    <message>
        <source>Port that is announced to other nodes and to clients; 0: the real one.</source>
        <translation>다른 노드와 클라이언트에 알리는 포트. 0: 실제 포트.</translation>
    </message>
    <message>
        <source>TLS port that is announced; 0: the real one.</source>
        <translation>알리는 TLS 포트. 0: 실제 포트.</translation>
    </message>
    <message>
        <source>How long a node stays banned after CLUSTER FORGET.</source>
        <translation>잊힌 노드를 다시 받아들이지 않는 시간.</translation>
    </message>
    <message>
        <source>Share of the commands that are checked for compatibility with cluster mode.</source>
        <translation>클러스터에서 동작할지 검사하는 명령의 비율.</translation>
    </message>
    <message>
        <source>File in which the node stores its view of the cluster. Each node needs its own.</source>
        <translation>노드가 테이블을 보관하는 파일. 노드마다 자신의 파일이 필요합니다.</translation>
    </message>
    <message>
        <source>Whether a node exits when it cannot write this file (nodes.conf).</source>
        <translation>테이블을 쓸 수 없을 때 노드를 종료할지 여부.</translation>
    </message>
    <message>
        <source>Number of databases in cluster mode.</source>
        <translation>클러스터 모드의 데이터베이스 수.</translation>
    </message>
    <message>
        <source>Runs as a node of a cluster.</source>
        <translation>클러스터의 노드로 실행합니다.</translation>
    </message>
    <message>
        <source>A cluster bus link is closed when its send buffer grows beyond this; 0 sets no limit.</source>
        <translation>다른 노드로의 링크에 이보다 많이 쌓이면 닫습니다. 0은 제한 없음.</translation>
    </message>
    <message>
        <source>Time limit of a manual failover.</source>
        <translation>직접 하는 페일오버의 최대 시간.</translation>
    </message>
    <message>
        <source>Number of replicas that a primary keeps before one may move to a primary that has none.</source>
        <translation>레플리카 하나가 레플리카 없는 프라이머리로 옮겨 가기 전에 프라이머리가 유지하는 레플리카 수.</translation>
    </message>
    <message>
        <source>A node that does not answer for this long is considered failed. Use the same value on all nodes.</source>
        <translation>이 시간 동안 응답하지 않는 노드를 장애로 처리합니다. 모든 노드가 같아야 합니다.</translation>
    </message>
    <message>
        <source>Port of the cluster bus; 0: the server&apos;s port plus 10,000.</source>
        <translation>클러스터 버스 포트. 0: 포트 + 10,000.</translation>
    </message>
    <message>
        <source>Kind of address that clients are told to connect to.</source>
        <translation>클라이언트에 연결하라고 알리는 주소의 종류.</translation>
    </message>
    <message>
        <source>The replica never starts a failover by itself.</source>
        <translation>레플리카가 스스로 넘겨받지 않습니다.</translation>
    </message>
    <message>
        <source>A replica that was disconnected from its primary for this many node timeouts does not take over. 0: it always tries.</source>
        <translation>노드 타임아웃의 이 배수만큼 프라이머리와 끊겨 있던 레플리카는 넘겨받지 않습니다. 0: 항상 시도.</translation>
    </message>
    <message>
        <source>All nodes refuse commands while any slot is not served.</source>
        <translation>서비스되지 않는 슬롯이 하나라도 있으면 클러스터 전체가 명령을 거부합니다.</translation>
    </message>
    <message>
        <source>Number of finished slot migrations that are remembered.</source>
        <translation>기억하는 끝난 슬롯 이동의 수.</translation>
    </message>
    <message>
        <source>Collects statistics of each slot (CLUSTER SLOT-STATS).</source>
        <translation>슬롯별 수치를 유지합니다(CLUSTER SLOT-STATS).</translation>
    </message>
    <message>
        <source>A slot migration hands the slot over when less than this is left to send; -1: as soon as possible.</source>
        <translation>보낼 것이 이보다 적게 남으면 슬롯 이동이 소유권을 넘깁니다. -1: 가능한 한 빨리.</translation>
    </message>
    <message>
        <source>A full synchronization and the writes during it use two separate connections.</source>
        <translation>전체 복사와 그동안의 쓰기를 두 연결로 나누어 보냅니다.</translation>
    </message>
    <message>
        <source>Password with which a replica logs in to its primary.</source>
        <translation>레플리카가 프라이머리에 로그인하는 비밀번호.</translation>
    </message>
    <message>
        <source>User as which a replica logs in to its primary.</source>
        <translation>레플리카가 프라이머리에 로그인하는 사용자.</translation>
    </message>
    <message>
        <source>A replica whose last acknowledgement is older than this does not count for min-replicas-to-write.</source>
        <translation>마지막 소식이 이보다 오래된 레플리카는 min-replicas-to-write에 세지 않습니다.</translation>
    </message>
    <message>
        <source>A primary with fewer healthy replicas than this refuses writes. 0 disables the check.</source>
        <translation>정상 레플리카가 이보다 적은 프라이머리는 쓰기를 거부합니다. 0은 끔.</translation>
    </message>
    <message>
        <source>Buffer of recent writes, with which a briefly disconnected replica can resume without a full synchronization.</source>
        <translation>잠시 끊긴 레플리카가 전체 복사를 하지 않도록 보관하는 최근 쓰기.</translation>
    </message>
    <message>
        <source>The replication backlog is freed after this time without replicas; 0: never.</source>
        <translation>레플리카가 없으면 이 시간 뒤에 백로그를 해제합니다. 0은 해제하지 않음.</translation>
    </message>
    <message>
        <source>Sends larger packets to replicas, which delays replication by up to 40 ms.</source>
        <translation>레플리카에 더 큰 패킷을 보냅니다. 최대 40 ms 지연됩니다.</translation>
    </message>
    <message>
        <source>Whether a replica loads a full synchronization directly from the network.</source>
        <translation>레플리카가 네트워크에서 받은 복사본을 바로 로드할지 여부.</translation>
    </message>
    <message>
        <source>A primary sends a full synchronization without writing it to its disk first.</source>
        <translation>프라이머리가 복사본을 디스크에 먼저 쓰지 않고 보냅니다.</translation>
    </message>
    <message>
        <source>How long a primary waits for more replicas before it starts a full synchronization.</source>
        <translation>프라이머리가 복사본을 보내기 전에 다른 레플리카를 기다리는 시간.</translation>
    </message>
    <message>
        <source>The primary stops waiting when this many replicas are there; 0: it waits the whole delay.</source>
        <translation>이 수보다 많이 기다리지 않습니다. 0: 지연 시간 동안 모두 기다림.</translation>
    </message>
    <message>
        <source>Uses multipath TCP for the connection to the primary.</source>
        <translation>프라이머리에 다중 경로 TCP를 사용합니다.</translation>
    </message>
    <message>
        <source>How often a primary pings its replicas.</source>
        <translation>프라이머리가 레플리카에 PING을 보내는 간격.</translation>
    </message>
    <message>
        <source>A replication link that is silent for this long is closed.</source>
        <translation>이 시간 동안 조용한 복제 링크를 닫습니다.</translation>
    </message>
    <message>
        <source>Address that a replica announces to its primary.</source>
        <translation>레플리카가 프라이머리에 알리는 주소.</translation>
    </message>
    <message>
        <source>Port that a replica announces to its primary; 0: the real one.</source>
        <translation>레플리카가 프라이머리에 알리는 포트. 0: 실제 포트.</translation>
    </message>
    <message>
        <source>Sentinels announce this replica to clients.</source>
        <translation>Sentinel이 클라이언트에 이 레플리카를 알립니다.</translation>
    </message>
    <message>
        <source>How many writes a replica may buffer during a full synchronization; 0: its output buffer limit applies.</source>
        <translation>복사본을 로드하는 동안 레플리카가 보관하는 쓰기. 0: 출력 버퍼 한도를 따름.</translation>
    </message>
    <message>
        <source>A replica keeps running when it cannot write to its disk.</source>
        <translation>레플리카가 디스크에 쓸 수 없어도 계속합니다.</translation>
    </message>
    <message>
        <source>A replica frees its old data in another thread before a full synchronization.</source>
        <translation>복사본을 로드하기 전에 이전 데이터를 다른 스레드에서 해제합니다.</translation>
    </message>
    <message>
        <source>Priority for promotion by Sentinel, the lowest first; 0: never promoted.</source>
        <translation>Sentinel이 레플리카를 승격하는 순서. 낮은 값부터, 0: 승격하지 않음.</translation>
    </message>
    <message>
        <source>A replica refuses writes from clients.</source>
        <translation>레플리카가 클라이언트의 쓰기를 거부합니다.</translation>
    </message>
    <message>
        <source>A replica that has lost its primary still serves its possibly outdated data.</source>
        <translation>프라이머리와 끊긴 레플리카도 가진 데이터로 응답합니다.</translation>
    </message>
    <message>
        <source>The primary that this node replicates. Empty in a cluster.</source>
        <translation>이 노드가 복제하는 프라이머리. 클러스터에서는 비어 있습니다.</translation>
    </message>
    <message>
        <source>Addresses on which the server listens.</source>
        <translation>서버가 수신하는 주소.</translation>
    </message>
    <message>
        <source>Local address from which the server connects to other servers.</source>
        <translation>서버가 다른 곳에 연결할 때 쓰는 주소.</translation>
    </message>
    <message>
        <source>Number of new connections that are accepted per event loop cycle.</source>
        <translation>한 번에 수락하는 새 연결의 수.</translation>
    </message>
    <message>
        <source>Number of new TLS connections that are accepted per event loop cycle.</source>
        <translation>한 번에 수락하는 새 TLS 연결의 수.</translation>
    </message>
    <message>
        <source>Accepts multipath TCP connections.</source>
        <translation>다중 경로 TCP를 수락합니다.</translation>
    </message>
    <message>
        <source>Port for connections without TLS; 0: none.</source>
        <translation>TLS 없는 연결의 포트. 0: 없음.</translation>
    </message>
    <message>
        <source>Mark of the server&apos;s sockets for packet filters.</source>
        <translation>방화벽용 서버 소켓 표시.</translation>
    </message>
    <message>
        <source>Length of the queue of connections waiting to be accepted; the system&apos;s somaxconn may limit it.</source>
        <translation>수락을 기다릴 수 있는 연결의 수. 시스템의 somaxconn이 더 작을 수 있습니다.</translation>
    </message>
    <message>
        <source>How often an idle connection is probed to detect dead peers; 0: never.</source>
        <translation>끊긴 상대를 알아채기 위해 조용한 연결을 확인하는 간격. 0은 확인하지 않음.</translation>
    </message>
    <message>
        <source>Closes client connections that were idle for this long; 0: never.</source>
        <translation>이 시간 동안 유휴 상태인 클라이언트를 닫습니다. 0은 닫지 않음.</translation>
    </message>
    <message>
        <source>Whether clients must present a certificate.</source>
        <translation>클라이언트가 인증서를 제시해야 하는지 여부.</translation>
    </message>
    <message>
        <source>Logs clients in as the user that their certificate names.</source>
        <translation>인증서에 적힌 사용자로 클라이언트를 로그인시킵니다.</translation>
    </message>
    <message>
        <source>How often certificate files are checked for changes; 0: never.</source>
        <translation>인증서 파일의 변경을 확인하는 간격. 0은 확인하지 않음.</translation>
    </message>
    <message>
        <source>Folder with the certificates of trusted authorities (CA).</source>
        <translation>신뢰하는 인증 기관의 인증서 폴더.</translation>
    </message>
    <message>
        <source>File with the certificates of trusted authorities (CA).</source>
        <translation>신뢰하는 인증 기관의 인증서 파일.</translation>
    </message>
    <message>
        <source>Certificate file of the server.</source>
        <translation>서버의 인증서.</translation>
    </message>
    <message>
        <source>Ciphers for TLS 1.2 and older.</source>
        <translation>TLS 1.2 이하의 암호화 방식.</translation>
    </message>
    <message>
        <source>Ciphers for TLS 1.3.</source>
        <translation>TLS 1.3의 암호화 방식.</translation>
    </message>
    <message>
        <source>Certificate file with which the server connects to other servers; empty: tls-cert-file.</source>
        <translation>서버가 다른 곳에 연결할 때 쓰는 인증서. 비우면 자신의 인증서.</translation>
    </message>
    <message>
        <source>Private key file of tls-client-cert-file.</source>
        <translation>그 인증서의 키.</translation>
    </message>
    <message>
        <source>Passphrase of this private key.</source>
        <translation>그 키의 암호.</translation>
    </message>
    <message>
        <source>The cluster bus uses TLS. Use the same value on all nodes.</source>
        <translation>클러스터 버스가 TLS를 사용합니다. 모든 노드가 같아야 합니다.</translation>
    </message>
    <message>
        <source>Diffie-Hellman parameters, for old versions of OpenSSL.</source>
        <translation>이전 OpenSSL 버전을 위한 Diffie-Hellman 매개변수.</translation>
    </message>
    <message>
        <source>Private key file of the server&apos;s certificate.</source>
        <translation>서버 인증서의 키.</translation>
    </message>
    <message>
        <source>Port for connections with TLS; 0: none.</source>
        <translation>TLS 연결의 포트. 0: 없음.</translation>
    </message>
    <message>
        <source>The server&apos;s order of ciphers takes precedence over the client&apos;s.</source>
        <translation>클라이언트가 아니라 서버의 암호화 방식 순서를 따릅니다.</translation>
    </message>
    <message>
        <source>Allowed TLS versions; empty: 1.2 and 1.3.</source>
        <translation>허용하는 TLS 버전. 비우면 1.2와 1.3.</translation>
    </message>
    <message>
        <source>Replicas connect to their primary with TLS.</source>
        <translation>레플리카가 TLS로 프라이머리에 연결합니다.</translation>
    </message>
    <message>
        <source>Number of TLS sessions that are cached.</source>
        <translation>기억하는 TLS 세션의 수.</translation>
    </message>
    <message>
        <source>How long TLS sessions are cached.</source>
        <translation>TLS 세션을 기억하는 시간.</translation>
    </message>
    <message>
        <source>Caches TLS sessions, which makes reconnecting cheaper.</source>
        <translation>다시 연결하는 비용을 줄이도록 TLS 세션을 기억합니다.</translation>
    </message>
    <message>
        <source>Path of the Unix socket; empty: none.</source>
        <translation>Unix 소켓의 경로. 비우면 없음.</translation>
    </message>
    <message>
        <source>Group that owns the Unix socket.</source>
        <translation>Unix 소켓을 소유하는 그룹.</translation>
    </message>
    <message>
        <source>File permissions of the Unix socket.</source>
        <translation>Unix 소켓의 권한.</translation>
    </message>
    <message>
        <source>Addresses on which the server listens for RDMA.</source>
        <translation>서버가 RDMA를 수신하는 주소.</translation>
    </message>
    <message>
        <source>Interrupt vector that RDMA uses; -1 lets the system choose.</source>
        <translation>RDMA가 쓰는 인터럽트. -1은 시스템이 선택.</translation>
    </message>
    <message>
        <source>Port for RDMA; 0: none.</source>
        <translation>RDMA 포트. 0: 없음.</translation>
    </message>
    <message>
        <source>Receive buffer of each RDMA connection.</source>
        <translation>RDMA 연결마다의 수신 버퍼.</translation>
    </message>
    <message>
        <source>A client whose unread replies exceed the hard limit, or the soft limit for some seconds, is disconnected. For each class: hard limit, soft limit, seconds.</source>
        <translation>읽지 않은 응답이 하드 한도를 넘거나 소프트 한도를 지정한 초 동안 넘은 클라이언트의 연결을 끊습니다. 종류마다 하드, 소프트, 초.</translation>
    </message>
    <message>
        <source>A client whose request is larger than this is disconnected.</source>
        <translation>요청이 이보다 큰 클라이언트의 연결을 끊습니다.</translation>
    </message>
    <message>
        <source>Highest number of connected clients. The system&apos;s limit of open files may allow fewer.</source>
        <translation>동시에 연결할 수 있는 클라이언트 수. 시스템의 열린 파일 한도가 더 작을 수 있습니다.</translation>
    </message>
    <message>
        <source>Which keyspace events are published, as letters (K, E, A, …). Empty: none.</source>
        <translation>Pub/Sub으로 알릴 키 변경을 문자(K, E, A, …)로 지정합니다. 비우면 없음.</translation>
    </message>
    <message>
        <source>Number of commands whose keys are prefetched into the CPU cache together; 0 disables it.</source>
        <translation>키를 프로세서 캐시에 함께 미리 가져오는 명령의 수. 0은 끔.</translation>
    </message>
    <message>
        <source>Largest string that a request may contain.</source>
        <translation>클라이언트가 보낼 수 있는 가장 큰 문자열.</translation>
    </message>
    <message>
        <source>Channels that a new user may access by default.</source>
        <translation>새 사용자가 쓸 수 있는 채널.</translation>
    </message>
    <message>
        <source>File with the ACL users; empty: the users are in the configuration file.</source>
        <translation>사용자 파일. 비우면 사용자는 설정 파일에 있습니다.</translation>
    </message>
    <message>
        <source>Number of refused logins and commands that ACL LOG keeps.</source>
        <translation>ACL LOG가 보관하는 거부된 로그인과 명령의 수.</translation>
    </message>
    <message>
        <source>Whether the DEBUG command may be used.</source>
        <translation>DEBUG를 쓸 수 있는지 여부.</translation>
    </message>
    <message>
        <source>Whether the MODULE command may load modules.</source>
        <translation>MODULE로 모듈을 로드할 수 있는지 여부.</translation>
    </message>
    <message>
        <source>Whether protected settings (dir, dbfilename) may be changed with CONFIG SET.</source>
        <translation>파일 이름을 정하는 설정(dir, dbfilename)을 바꿀 수 있는지 여부.</translation>
    </message>
    <message>
        <source>Keeps user data, such as key names and values, out of the server&apos;s log.</source>
        <translation>사용자의 키와 값을 서버 로그에 남기지 않습니다.</translation>
    </message>
    <message>
        <source>While no password is set, only clients on the same machine are served.</source>
        <translation>비밀번호가 없으면 같은 컴퓨터의 클라이언트만 서비스합니다.</translation>
    </message>
    <message>
        <source>Password of the user “default”.</source>
        <translation>사용자 default의 비밀번호.</translation>
    </message>
    <message>
        <source>Shows the logo at start.</source>
        <translation>시작할 때 로고를 표시합니다.</translation>
    </message>
    <message>
        <source>CPUs that an AOF rewrite may use.</source>
        <translation>AOF 재작성이 쓸 수 있는 프로세서.</translation>
    </message>
    <message>
        <source>Availability zone of the node, for clients that prefer near nodes.</source>
        <translation>가까운 노드를 선호하는 클라이언트를 위한 노드의 영역.</translation>
    </message>
    <message>
        <source>CPUs that a background save may use.</source>
        <translation>저장이 쓸 수 있는 프로세서.</translation>
    </message>
    <message>
        <source>CPUs that background threads may use.</source>
        <translation>백그라운드 스레드가 쓸 수 있는 프로세서.</translation>
    </message>
    <message>
        <source>Writes a report to the log when the server crashes.</source>
        <translation>서버가 비정상 종료하면 로그에 보고서를 씁니다.</translation>
    </message>
    <message>
        <source>Tests the memory after a crash.</source>
        <translation>서버가 비정상 종료하면 메모리를 검사합니다.</translation>
    </message>
    <message>
        <source>Runs the server in the background.</source>
        <translation>백그라운드에서 실행합니다.</translation>
    </message>
    <message>
        <source>Number of databases if cluster mode is off.</source>
        <translation>클러스터 모드가 아닐 때의 데이터베이스 수.</translation>
    </message>
    <message>
        <source>Raises hz with the number of clients.</source>
        <translation>클라이언트 수에 따라 hz를 높입니다.</translation>
    </message>
    <message>
        <source>Reports itself as Redis where clients look for that name.</source>
        <translation>클라이언트가 이름을 찾는 곳에서 자신을 Redis라고 합니다.</translation>
    </message>
    <message>
        <source>Seed of the hash tables.</source>
        <translation>해시 테이블의 시드.</translation>
    </message>
    <message>
        <source>How often background tasks (expiry, closing idle clients) run per second.</source>
        <translation>백그라운드 작업(만료, 유휴 클라이언트 닫기)을 초당 실행하는 횟수.</translation>
    </message>
    <message>
        <source>System warnings that do not stop the server from starting.</source>
        <translation>서버 시작을 막지 않을 시스템 경고.</translation>
    </message>
    <message>
        <source>Number of threads that read from and write to clients.</source>
        <translation>클라이언트와 읽고 쓰는 스레드의 수.</translation>
    </message>
    <message>
        <source>The I/O threads also read requests.</source>
        <translation>이 스레드가 읽기도 합니다.</translation>
    </message>
    <message>
        <source>Locale in which SORT ALPHA and Lua compare strings.</source>
        <translation>SORT ALPHA와 Lua가 텍스트를 비교하는 언어.</translation>
    </message>
    <message>
        <source>Format of the lines of the log.</source>
        <translation>로그 줄의 형식.</translation>
    </message>
    <message>
        <source>Format of timestamps in the log.</source>
        <translation>로그의 시각 형식.</translation>
    </message>
    <message>
        <source>Log file; empty: standard output.</source>
        <translation>로그 파일. 비우면 표준 출력.</translation>
    </message>
    <message>
        <source>Level of detail of the log.</source>
        <translation>로그의 상세 수준.</translation>
    </message>
    <message>
        <source>Tells the system which process to kill first when memory runs out.</source>
        <translation>메모리가 부족할 때 먼저 종료할 프로세스를 시스템에 알립니다.</translation>
    </message>
    <message>
        <source>OOM scores of a primary, a replica and a background child process.</source>
        <translation>시스템이 프라이머리, 레플리카, 저장하는 자식을 종료할 가능성.</translation>
    </message>
    <message>
        <source>File with the process id of the server.</source>
        <translation>프로세스 ID 파일.</translation>
    </message>
    <message>
        <source>Template of the process title that ps shows.</source>
        <translation>ps에 표시되는 프로세스 이름.</translation>
    </message>
    <message>
        <source>What a replica does when a command from its primary fails.</source>
        <translation>프라이머리의 명령이 실패했을 때 레플리카의 동작.</translation>
    </message>
    <message>
        <source>CPUs that the main thread may use.</source>
        <translation>주 스레드가 쓸 수 있는 프로세서.</translation>
    </message>
    <message>
        <source>Lets the process change its title in ps.</source>
        <translation>프로세스가 ps의 제목을 바꿀 수 있게 합니다.</translation>
    </message>
    <message>
        <source>What SIGINT does: default, save, nosave, now, force.</source>
        <translation>SIGINT의 동작: default, save, nosave, now, force.</translation>
    </message>
    <message>
        <source>What SIGTERM does: default, save, nosave, now, force.</source>
        <translation>SIGTERM의 동작: default, save, nosave, now, force.</translation>
    </message>
    <message>
        <source>How long a shutdown waits for replicas that lag behind.</source>
        <translation>종료할 때 뒤처진 레플리카를 기다리는 시간.</translation>
    </message>
    <message>
        <source>Service manager (upstart, systemd) that the server reports its state to.</source>
        <translation>서버를 시작했고 준비되면 알림을 받을 프로그램.</translation>
    </message>
    <message>
        <source>Sends the log to syslog.</source>
        <translation>syslog에 기록합니다.</translation>
    </message>
    <message>
        <source>Facility of syslog.</source>
        <translation>syslog의 facility.</translation>
    </message>
    <message>
        <source>Identity in syslog.</source>
        <translation>syslog의 이름.</translation>
    </message>
    <message>
        <source>another version of Slotscope wrote this record (version %1); it is left unchanged</source>
        <translation>보관된 기록은 다른 Slotscope의 것입니다(버전 %1). 그대로 둡니다</translation>
    </message>
    <message>
        <source>%1 is too large to be read</source>
        <translation>%1은(는) 너무 커서 읽을 수 없습니다</translation>
    </message>
    <message>
        <source>it also writes, although the server classifies it as readonly</source>
        <translation>서버는 readonly라고 하지만 쓰기도 합니다</translation>
    </message>
    <message>
        <source>%1; %2 is the read-only variant</source>
        <translation>%1; %2은(는) 읽기만 합니다</translation>
    </message>
    <message>
        <source>Transparent huge pages: set to madvise or never</source>
        <translation>Transparent Huge Pages: madvise 또는 never</translation>
    </message>
    <message>
        <source>Memory overcommit is allowed, so that a save can fork: set to 1</source>
        <translation>저장을 위해 포크할 수 있도록 메모리 오버커밋 허용: 1</translation>
    </message>
    <message>
        <source>Queue of connections waiting to be accepted: at least tcp-backlog</source>
        <translation>수락 대기 연결 수: tcp-backlog 이상</translation>
    </message>
    <message>
        <source>Open files: at least maxclients plus 32</source>
        <translation>열린 파일 수: maxclients에 32를 더한 값</translation>
    </message>
    <message>
        <source>Swap: small, and hardly used</source>
        <translation>스왑: 작게, 거의 사용되지 않게</translation>
    </message>
    <message>
        <source>all keys, database %1</source>
        <translation>모든 키, 데이터베이스 %1</translation>
    </message>
    <message>
        <source>%1 is not ready for it yet</source>
        <translation>%1이(가) 아직 받지 않습니다</translation>
    </message>
    <message>
        <source>%1 It needs: %2</source>
        <translation>%1 필요한 권한: %2</translation>
    </message>
    <message>
        <source>a node</source>
        <translation>노드</translation>
    </message>
    <message>
        <source>notify-keyspace-events is “%1” on %2. The subscribed events also need %3.</source>
        <translation>%2의 notify-keyspace-events는 “%1”입니다. 구독한 이벤트에는 %3이(가) 빠져 있습니다.</translation>
    </message>
    <message>
        <source>patterns unknown</source>
        <translation>패턴 알 수 없음</translation>
    </message>
    <message>
        <source>1 pattern</source>
        <translation>패턴 1개</translation>
    </message>
    <message>
        <source>%1 patterns</source>
        <translation>패턴 %1개</translation>
    </message>
    <message>
        <source>%1 on %2 of %3 nodes</source>
        <translation>노드 %3개 중 %2개에서 %1</translation>
    </message>
    <message>
        <source>%1 also matches key event channels, but receives only the events of %2. Subscribe to key events to receive those of all nodes.</source>
        <translation>%1은(는) 키 이벤트에도 맞지만 %2의 이벤트만 수신합니다. 모든 노드의 이벤트를 받으려면 키 이벤트를 구독하세요.</translation>
    </message>
    <message>
        <source>one node</source>
        <translation>노드 하나</translation>
    </message>
    <message>
        <source>%1: not subscribed, its node is not known</source>
        <translation>%1: 구독하지 않음, 담당 노드를 알 수 없음</translation>
    </message>
    <message>
        <source>%1: nothing received from %2 since %3, up to the end%4</source>
        <translation>%1: %3부터 끝까지 %2에서 아무것도 수신하지 못함%4</translation>
    </message>
    <message>
        <source>%1: never subscribed on %2%3</source>
        <translation>%1: %2에서 한 번도 구독되지 않음%3</translation>
    </message>
    <message>
        <source>1 subscriber</source>
        <translation>구독자 1명</translation>
    </message>
    <message>
        <source>%1 subscribers</source>
        <translation>구독자 %1명</translation>
    </message>
    <message>
        <source>Delivered to %1.</source>
        <translation>%1에게 전달되었습니다.</translation>
    </message>
    <message>
        <source>Delivered to %1 on %2. Subscribers on its replicas are not counted.</source>
        <translation>%2에서 %1에게 전달되었습니다. 레플리카의 구독자는 집계되지 않습니다.</translation>
    </message>
    <message>
        <source>Delivered to %1 on %2. It was also forwarded to the other nodes, whose subscribers are not counted.</source>
        <translation>%2에서 %1에게 전달되었습니다. 다른 노드로도 전달되었으며 그 구독자는 집계되지 않습니다.</translation>
    </message>
    <message>
        <source>not sent</source>
        <translation>보내지 않음</translation>
    </message>
    <message>
        <source>refused</source>
        <translation>거부됨</translation>
    </message>
    <message>
        <source>it may have been sent</source>
        <translation>보내졌을 수 있습니다</translation>
    </message>
    <message>
        <source>Messages may be missing between %1 and %2: %3</source>
        <translation>%1부터 %2 사이의 메시지가 빠졌을 수 있습니다: %3</translation>
    </message>
    <message>
        <source>the subscription moved to another node.</source>
        <translation>구독이 다른 노드로 옮겨졌습니다.</translation>
    </message>
    <message>
        <source>the file is larger than 16 MB</source>
        <translation>파일이 16 MB보다 큽니다</translation>
    </message>
    <message>
        <source>addresses</source>
        <translation>주소 목록</translation>
    </message>
    <message>
        <source>the file contains no connection</source>
        <translation>연결이 들어 있지 않습니다</translation>
    </message>
    <message>
        <source>Imported from %1: %2</source>
        <translation>%1에서: %2</translation>
    </message>
    <message>
        <source>the rules of the proxy do not allow this connection</source>
        <translation>프록시 규칙이 이 연결을 허용하지 않습니다</translation>
    </message>
    <message>
        <source>the proxy reports: network unreachable</source>
        <translation>프록시 응답: 해당 네트워크로 가는 경로가 없습니다</translation>
    </message>
    <message>
        <source>the proxy reports: host unreachable</source>
        <translation>프록시 응답: 호스트에 접근할 수 없습니다</translation>
    </message>
    <message>
        <source>as seen from the proxy</source>
        <translation>프록시에서 본 결과</translation>
    </message>
    <message>
        <source>the proxy reports: too many network hops (TTL expired)</source>
        <translation>프록시 응답: 경로가 너무 깁니다 (TTL)</translation>
    </message>
    <message>
        <source>the proxy does not support this type of address</source>
        <translation>프록시가 이런 종류의 주소를 지원하지 않습니다</translation>
    </message>
    <message>
        <source>the proxy could not connect (SOCKS error %1)</source>
        <translation>프록시가 연결하지 못했습니다 (SOCKS 오류 %1)</translation>
    </message>
    <message>
        <source>the login works, but the SSH server does not allow forwarding to this address: AllowTcpForwarding or PermitOpen in its sshd_config, or a restriction of the key</source>
        <translation>로그인은 되지만 SSH 서버가 그곳으로의 포워딩을 허용하지 않습니다: sshd_config의 AllowTcpForwarding이나 PermitOpen 또는 키의 제한</translation>
    </message>
    <message>
        <source>as seen from the SSH server</source>
        <translation>SSH 서버에서 본 결과</translation>
    </message>
    <message>
        <source>the SSH server reports: %1</source>
        <translation>SSH 서버 응답: %1</translation>
    </message>
    <message>
        <source>ssh= and proxy= cannot be combined</source>
        <translation>ssh=와 proxy=는 함께 쓸 수 없습니다</translation>
    </message>
    <message>
        <source>“%1” is not an SSH server: write [USER@]HOST[:PORT]</source>
        <translation>“%1”은(는) ssh 대상이 아닙니다: [USER@]HOST[:PORT] 형식입니다</translation>
    </message>
    <message>
        <source>a line of ACL LIST describes no user</source>
        <translation>ACL LIST의 한 줄에 사용자 정보가 없습니다</translation>
    </message>
    <message>
        <source>CLUSTER MEET accepts no host names. Check the name resolution, or enter an IP address.</source>
        <translation>MEET는 이름을 받지 않습니다. 이름 서비스를 확인하거나 주소를 지정하세요.</translation>
    </message>
    <message>
        <source>the file is not valid JSON; it may be truncated</source>
        <translation>읽을 수 있는 JSON이 아닙니다. 잘렸을 수 있습니다</translation>
    </message>
    <message>
        <source>“%1” cannot be saved: %2</source>
        <translation>“%1”을(를) 저장할 수 없습니다: %2</translation>
    </message>
    <message>
        <source>the reply of SENTINEL MASTER contains no address</source>
        <translation>SENTINEL MASTER가 주소를 알려 주지 않습니다</translation>
    </message>
    <message>
        <source>the name of the primary, as the Sentinels know it, is missing: redis+sentinel://HOST:26379/mymaster</source>
        <translation>Sentinel이 아는 프라이머리 이름이 없습니다: redis+sentinel://HOST:26379/mymaster</translation>
    </message>
    <message>
        <source>%1 needs no password: it refuses the Sentinels&apos; password, which is therefore not used.</source>
        <translation>%1은(는) 비밀번호가 필요 없습니다. Sentinel용 비밀번호는 거기서 거부되어 쓰지 않습니다.</translation>
    </message>
    <message>
        <source>it makes another server the primary</source>
        <translation>다른 서버가 프라이머리가 됩니다</translation>
    </message>
    <message>
        <source>the Sentinels still report %1 as the primary after %2 s: no replica may be fit for promotion</source>
        <translation>%2초가 지나도 Sentinel은 여전히 %1을(를) 가리킵니다. 승격할 만한 레플리카가 없을 수 있습니다</translation>
    </message>
    <message>
        <source>the Sentinels report %1 as the primary, but it did not confirm that within %2 s</source>
        <translation>Sentinel은 %1을(를) 가리키지만, %2초 안에 스스로 프라이머리라고 하지 않았습니다</translation>
    </message>
    <message>
        <source>Primary and replicas</source>
        <translation>프라이머리와 레플리카</translation>
    </message>
    <message>
        <source>“%1” is not a time: 2026-11-29, 2026-11-29T18:00, with Z for UTC, or how long ago: 90s, 15m, 2h, 7d</source>
        <translation>“%1”은(는) 시각이 아닙니다. 2026-11-29, 2026-11-29T18:00(UTC는 뒤에 Z), 또는 얼마나 전인지 90s, 15m, 2h, 7d로 적으세요</translation>
    </message>
    <message>
        <source>%1 entries could not be written</source>
        <translation>항목 %1개를 기록하지 못함</translation>
    </message>
    <message>
        <source>%1 × %2</source>
        <translation>%1 × %2</translation>
    </message>
    <message>
        <source>done</source>
        <translation>완료</translation>
    </message>
    <message>
        <source>refused by Slotscope</source>
        <translation>여기서 거부함</translation>
    </message>
    <message>
        <source>queued</source>
        <translation>대기열에 넣음</translation>
    </message>
    <message>
        <source>not recorded</source>
        <translation>기록되지 않음</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>명령</translation>
    </message>
    <message>
        <source>Together with</source>
        <translation>함께</translation>
    </message>
    <message>
        <source>%1 of %2 failed</source>
        <translation>%2개 중 %1개 실패</translation>
    </message>
    <message>
        <source>%1 of %2 not known</source>
        <translation>%2개 중 %1개 알 수 없음</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>결과</translation>
    </message>
    <message>
        <source>The connection was lost after the command was sent: the server may have executed it.</source>
        <translation>보낸 뒤에 연결이 끊겼습니다. 실행되었을 수도 있습니다.</translation>
    </message>
    <message>
        <source>database %1</source>
        <translation>데이터베이스 %1</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>위치</translation>
    </message>
    <message>
        <source>process %1</source>
        <translation>프로세스 %1</translation>
    </message>
    <message>
        <source>Sent by</source>
        <translation>실행한 사람</translation>
    </message>
    <message>
        <source>Appearance and language</source>
        <translation>모양과 언어</translation>
    </message>
    <message>
        <source>Audit log</source>
        <translation>감사 로그</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>테마</translation>
    </message>
    <message>
        <source>Dark, light, or following the system.</source>
        <translation>어둡게, 밝게, 또는 시스템 설정을 따릅니다.</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>언어</translation>
    </message>
    <message>
        <source>Record commands that change servers</source>
        <translation>서버를 변경하는 명령 기록</translation>
    </message>
    <message>
        <source>Each command that may change a server is recorded in the audit log with time, node, user and result, but without passwords.</source>
        <translation>서버를 변경할 수 있는 명령마다 시각, 노드, 사용자, 결과를 감사 로그에 한 줄로 남깁니다. 비밀번호는 남기지 않습니다.</translation>
    </message>
    <message>
        <source>Refuse changes that cannot be recorded</source>
        <translation>기록할 수 없는 변경은 보내지 않음</translation>
    </message>
    <message>
        <source>Maximum file size</source>
        <translation>파일 크기</translation>
    </message>
    <message>
        <source>When a file reaches this size, it is set aside and a new one is started.</source>
        <translation>이 크기에 이른 파일은 따로 보관하고 새 파일을 시작합니다.</translation>
    </message>
    <message>
        <source>Number of files</source>
        <translation>보관할 파일 수</translation>
    </message>
    <message>
        <source>The oldest file is removed when there are more.</source>
        <translation>이보다 많으면 가장 오래된 파일을 지웁니다.</translation>
    </message>
    <message>
        <source>%1 cannot be “%2”</source>
        <translation>%1의 값은 “%2”일 수 없습니다</translation>
    </message>
    <message>
        <source>%1 entries were written to %2.</source>
        <translation>항목 %1개를 %2에 저장했습니다.</translation>
    </message>
    <message>
        <source>Sentinels cannot be reached through a Unix socket</source>
        <translation>Sentinel에는 유닉스 소켓이 없습니다</translation>
    </message>
    <message>
        <source>Sentinel: %1 is the primary; replicas: %2, quorum: %3 of %4</source>
        <translation>Sentinel: 프라이머리는 %1, 레플리카: %2, 정족수: %4 중 %3</translation>
    </message>
    <message>
        <source>no answer within %1 ms</source>
        <translation>%1ms 안에 응답을 듣지 못함</translation>
    </message>
    <message>
        <source>The servers refuse their password. The password of the Sentinels is a separate one.</source>
        <translation>서버가 서버용 비밀번호를 거부합니다. Sentinel용 비밀번호는 따로 있습니다.</translation>
    </message>
    <message>
        <source>%1 is the primary now, not %2: the command was not sent</source>
        <translation>지금 프라이머리는 %2이(가) 아니라 %1입니다. 아무것도 보내지 않았습니다</translation>
    </message>
    <message>
        <source>1 key</source>
        <translation>키 1개</translation>
    </message>
    <message>
        <source>The language of the window; takes effect immediately.</source>
        <translation>창의 언어입니다. 바로 적용됩니다.</translation>
    </message>
    <message>
        <source>While the log cannot be written (for example, the disk is full), no command that changes a server is sent. If this is off, work continues, and the log later states how many entries are missing.</source>
        <translation>로그를 쓸 수 없는 동안(예: 디스크가 가득 참) 서버를 바꾸는 명령을 보내지 않습니다. 끄면 작업이 계속되고, 빠진 항목 수가 로그에 남습니다.</translation>
    </message>
    <message>
        <source>it is currently not certain which server is the primary</source>
        <translation>지금 어느 서버가 프라이머리인지 확실하지 않습니다</translation>
    </message>
    <message>
        <source>after %1 s it is still not certain which server is the primary</source>
        <translation>%1초가 지나도 어느 서버가 프라이머리인지 확실하지 않습니다</translation>
    </message>
    <message>
        <source>the password of the Sentinels is wrong (it is set separately from the password of the servers)</source>
        <translation>Sentinel의 비밀번호가 틀렸습니다(서버 비밀번호와 따로 설정합니다)</translation>
    </message>
    <message>
        <source>a server answers at this address, not a Sentinel: connect to it with redis:// (%1)</source>
        <translation>그곳에서는 Sentinel이 아니라 서버가 응답합니다. redis://로 연결하십시오(%1)</translation>
    </message>
    <message>
        <source>%1 ms/s</source>
        <translation>%1ms/s</translation>
    </message>
    <message>
        <source>%1/s</source>
        <translation>%1/s</translation>
    </message>
    <message>
        <source>Lines that could not be read and were skipped: %1.</source>
        <translation>읽지 못해 빠진 줄: %1개.</translation>
    </message>
    <message>
        <source>Size of text and controls</source>
        <translation>글자와 컨트롤의 크기</translation>
    </message>
    <message>
        <source>In addition to the system&apos;s setting; takes effect at the next start.</source>
        <translation>시스템 설정에 더해 적용됩니다. 다음에 시작할 때부터 적용됩니다.</translation>
    </message>
    <message>
        <source>High contrast</source>
        <translation>고대비</translation>
    </message>
    <message>
        <source>Black and white with strong colours and clear borders.</source>
        <translation>검정과 흰색에 뚜렷한 색과 분명한 테두리를 씁니다.</translation>
    </message>
    <message>
        <source>Reduce motion</source>
        <translation>움직임 줄이기</translation>
    </message>
    <message>
        <source>Nothing pulses, blinks or slides.</source>
        <translation>아무것도 깜박이거나 움직이지 않습니다.</translation>
    </message>
    <message>
        <source>up %1</source>
        <translation>가동 %1</translation>
    </message>
    <message>
        <source>ssh=, proxy= and tunnel= cannot be combined</source>
        <translation>ssh=, proxy=, tunnel=은 함께 쓸 수 없습니다</translation>
    </message>
    <message>
        <source>a Unix socket is on this computer: it cannot be reached through SSH or a proxy</source>
        <translation>Unix 소켓은 이 컴퓨터에 있으므로 SSH나 프록시로 접근할 수 없습니다</translation>
    </message>
    <message>
        <source>tunnel= names a program that would be started on this computer, so a link or a file may not set it. Enter it in the connect dialog (Through: a command), or use --tunnel.</source>
        <translation>tunnel=은 이 컴퓨터에서 시작할 프로그램을 지정하므로 링크나 파일에서는 쓸 수 없습니다. 연결 대화 상자(경로: 명령)나 --tunnel로 지정하세요.</translation>
    </message>
    <message>
        <source>rename= makes Slotscope send commands under other names, so a link or a file may not set it. Enter it in the connect dialog, or use --rename-command.</source>
        <translation>rename=은 명령을 다른 이름으로 보내므로 링크나 파일에서는 쓸 수 없습니다. 연결 대화 상자나 --rename-command로 지정하세요.</translation>
    </message>
    <message>
        <source>the file that contains its password is not read</source>
        <translation>비밀번호가 든 파일은 읽지 않습니다</translation>
    </message>
    <message>
        <source>the file is larger than %1 MB</source>
        <translation>파일이 %1 MB보다 큽니다</translation>
    </message>
    <message>
        <source>the file contains no redis, valkey or keydb service</source>
        <translation>redis, valkey, keydb 서비스가 없습니다</translation>
    </message>
    <message>
        <source>the variable %1 is not set</source>
        <translation>변수 %1에 값이 없습니다</translation>
    </message>
    <message>
        <source>its env_file is not read</source>
        <translation>env_file은 읽지 않습니다</translation>
    </message>
    <message>
        <source>the service that it extends is not read</source>
        <translation>extends로 이어받는 내용은 읽지 않습니다</translation>
    </message>
    <message>
        <source>this is not a Compose file: it has no services</source>
        <translation>Compose 파일이 아닙니다: services가 없습니다</translation>
    </message>
    <message>
        <source>the file, or its aliases when expanded, is larger than the limit</source>
        <translation>파일의 내용이나 별칭이 나타내는 양이 읽을 수 있는 한도를 넘습니다</translation>
    </message>
    <message>
        <source>this is not valid YAML (line %1)</source>
        <translation>읽을 수 있는 YAML이 아닙니다(%1번째 줄)</translation>
    </message>
    <message>
        <source>this is not valid YAML</source>
        <translation>읽을 수 있는 YAML이 아닙니다</translation>
    </message>
    <message>
        <source>this build of Slotscope cannot read YAML</source>
        <translation>이 Slotscope 빌드는 YAML을 읽지 못합니다</translation>
    </message>
    <message>
        <source>entry %1</source>
        <translation>항목 %1</translation>
    </message>
    <message>
        <source>it has no address</source>
        <translation>주소가 없습니다</translation>
    </message>
    <message>
        <source>%1: file not found</source>
        <translation>%1: 그런 파일이 없습니다</translation>
    </message>
    <message>
        <source>%1 is too large to be a list of connections</source>
        <translation>%1은(는) 연결 목록이라기에는 너무 큽니다</translation>
    </message>
    <message>
        <source>%1 is not valid JSON (at byte %2): %3</source>
        <translation>%1은(는) JSON이 아닙니다(%2번째 바이트): %3</translation>
    </message>
    <message>
        <source>%1 is not a list of connections: {&quot;version&quot;: 1, &quot;connections&quot;: […]}</source>
        <translation>%1은(는) 연결 목록이 아닙니다: {&quot;version&quot;: 1, &quot;connections&quot;: […]}</translation>
    </message>
    <message>
        <source>%1: more than %2 connections</source>
        <translation>%1: 연결이 %2개를 넘습니다</translation>
    </message>
    <message>
        <source>passwordFrom: only keychain, env:NAME, command:LINE and ask are allowed</source>
        <translation>passwordFrom: keychain, env:NAME, command:LINE, ask 가운데 하나입니다</translation>
    </message>
    <message>
        <source>the file is damaged, or was changed</source>
        <translation>파일이 손상되었거나 바뀌었습니다</translation>
    </message>
    <message>
        <source>decrypting the file would need more memory than allowed</source>
        <translation>파일이 허용된 것보다 많은 메모리를 요구합니다</translation>
    </message>
    <message>
        <source>the system provides no random numbers</source>
        <translation>시스템이 난수를 주지 않습니다</translation>
    </message>
    <message>
        <source>the content could not be encrypted</source>
        <translation>암호화하지 못했습니다</translation>
    </message>
    <message>
        <source>this is not a file that Slotscope has encrypted, or it is damaged</source>
        <translation>Slotscope가 암호화한 파일이 아니거나 손상되었습니다</translation>
    </message>
    <message>
        <source>TLS, the certificate is trusted</source>
        <translation>TLS, 인증서 확인됨</translation>
    </message>
    <message>
        <source>TLS, the certificate matches the pin</source>
        <translation>TLS, 고정한 인증서와 같음</translation>
    </message>
    <message>
        <source>no address announced</source>
        <translation>알리는 주소 없음</translation>
    </message>
    <message>
        <source>entered by you</source>
        <translation>직접 지정함</translation>
    </message>
    <message>
        <source>announced</source>
        <translation>알린 주소</translation>
    </message>
    <message>
        <source>announced host name</source>
        <translation>알린 호스트 이름</translation>
    </message>
    <message>
        <source>your address map</source>
        <translation>내 주소 맵</translation>
    </message>
    <message>
        <source>your address map, by node id</source>
        <translation>내 주소 맵(ID 기준)</translation>
    </message>
    <message>
        <source>the host of a server that you entered, with the announced port</source>
        <translation>지정한 서버의 호스트와 알린 포트</translation>
    </message>
    <message>
        <source>this node answers</source>
        <translation>이 노드가 응답함</translation>
    </message>
    <message>
        <source>a server answers that does not report which node it is</source>
        <translation>어느 노드인지 알리지 않는 서버가 응답함</translation>
    </message>
    <message>
        <source>another node answers: %1</source>
        <translation>다른 노드가 응답함: %1</translation>
    </message>
    <message>
        <source>%2; probably %1 is renamed or disabled on this server (rename-command). If it has another name, enter that in the connection, under Advanced, or use --rename-command</source>
        <translation>%2; 이 서버에서 %1 명령의 이름이 바뀌었거나 꺼진 것 같습니다(rename-command). 다른 이름이 있으면 연결 설정의 고급이나 --rename-command로 알려 주십시오</translation>
    </message>
    <message>
        <source>a command provides its password</source>
        <translation>비밀번호가 명령에서 나옵니다</translation>
    </message>
    <message>
        <source>the tunnel command of the connection was not imported: %1</source>
        <translation>터널 명령은 가져오지 않았습니다: %1</translation>
    </message>
    <message>
        <source>the renamed command of the connection was not imported: %1=%2</source>
        <translation>바뀐 명령 이름은 가져오지 않았습니다: %1=%2</translation>
    </message>
    <message>
        <source>“%1” contains a password: a shared file must not contain one. Write passwordFrom: env:NAME, keychain, command:… or ask</source>
        <translation>“%1”에 비밀번호가 있습니다. 함께 쓰는 파일에는 비밀번호를 넣지 않습니다. passwordFrom: env:NAME, keychain, command:… 또는 ask로 쓰십시오</translation>
    </message>
    <message>
        <source>%1: “%2” occurs twice</source>
        <translation>%1: “%2”이(가) 두 번 있습니다</translation>
    </message>
    <message>
        <source>no key could be derived from the passphrase (too little memory?)</source>
        <translation>암호구로 키를 만들지 못했습니다(메모리 부족?)</translation>
    </message>
    <message>
        <source>the file has a version that this version of Slotscope does not know</source>
        <translation>이 버전의 Slotscope는 이 파일의 버전을 모릅니다</translation>
    </message>
    <message>
        <source>the scrypt parameters of the file are outside the limits</source>
        <translation>파일의 scrypt 매개변수가 한도를 벗어났습니다</translation>
    </message>
    <message>
        <source>the passphrase is wrong, or the header of the file is damaged</source>
        <translation>암호구가 틀렸거나 파일의 머리 부분이 손상되었습니다</translation>
    </message>
    <message>
        <source>TLS, the certificate is not verified</source>
        <translation>TLS, 인증서를 검증하지 않음</translation>
    </message>
    <message>
        <source>neither announced nor from your address map</source>
        <translation>알린 주소도 지정한 주소도 아님</translation>
    </message>
    <message>
        <source>another server answers, or this one was restarted</source>
        <translation>다른 서버가 응답하거나, 이 서버가 다시 시작되었습니다</translation>
    </message>
    <message>
        <source>the node %1 answers</source>
        <translation>노드 %1이(가) 응답합니다</translation>
    </message>
    <message>
        <source>%1 cannot be read: %2</source>
        <translation>%1을(를) 읽을 수 없습니다: %2</translation>
    </message>
    <message>
        <source>refresh=%1: a number of seconds from 1 to %2 is expected</source>
        <translation>refresh=%1: 1에서 %2 사이의 초 단위 숫자여야 합니다</translation>
    </message>
    <message>
        <source>its reply has no field “tracking-active”</source>
        <translation>응답에 “tracking-active” 필드가 없습니다</translation>
    </message>
    <message>
        <source>The server has no HOTKEYS (new in Redis 8.6) and does not report its maxmemory-policy.</source>
        <translation>서버에 HOTKEYS가 없고(Redis 8.6부터 있음) maxmemory-policy도 알려 주지 않습니다.</translation>
    </message>
    <message>
        <source>The server has no HOTKEYS (new in Redis 8.6), and with maxmemory-policy %1 it does not count accesses; with allkeys-lfu it does.</source>
        <translation>서버에 HOTKEYS가 없고(Redis 8.6부터 있음) maxmemory-policy가 %1이면 접근 횟수를 세지 않습니다. allkeys-lfu는 셉니다.</translation>
    </message>
    <message>
        <source>Counted by HOTKEYS for %1, starting %2.</source>
        <translation>HOTKEYS로 %2부터 %1 동안 측정했습니다.</translation>
    </message>
    <message>
        <source>Access counters of %1 (OBJECT FREQ, 0 to 255): they grow logarithmically with the number of accesses.</source>
        <translation>%1의 카운터(OBJECT FREQ, 0~255)로, 접근 횟수의 로그에 따라 커집니다.</translation>
    </message>
    <message>
        <source>The counters cover no fixed interval; how fast they decay is not known.</source>
        <translation>측정 구간이 없으며, 얼마나 빨리 줄어드는지는 알 수 없습니다.</translation>
    </message>
    <message>
        <source>The counters cover no fixed interval: with lfu-decay-time 0 they never decay.</source>
        <translation>측정 구간이 없습니다. lfu-decay-time이 0이라 줄어들지 않습니다.</translation>
    </message>
    <message>
        <source>The counters cover no fixed interval: they decrease by one per %1 min without access.</source>
        <translation>측정 구간이 없습니다. 접근이 없으면 %1분에 1씩 줄어듭니다.</translation>
    </message>
    <message>
        <source>The search was stopped after %1 keys.</source>
        <translation>키 %1개에서 중지했습니다.</translation>
    </message>
    <message>
        <source>A single value, %1 of the memory of all keys.</source>
        <translation>값 하나가 키 메모리 전체의 %1를 차지합니다.</translation>
    </message>
    <message>
        <source>One key with %1 elements, %2 of the memory of all keys.</source>
        <translation>원소 %1개짜리 키 하나가 키 메모리 전체의 %2를 차지합니다.</translation>
    </message>
    <message>
        <source>When its slot is migrated, neither node serves clients for ≈ %1.</source>
        <translation>이 슬롯을 옮길 때 두 노드 모두 ≈ %1 동안 아무 요청도 처리하지 못합니다.</translation>
    </message>
    <message>
        <source>%1; %2 of the keys there, the others expire by themselves.</source>
        <translation>%1; 그곳 키의 %2이며, 나머지는 저절로 만료됩니다.</translation>
    </message>
    <message>
        <source>The longest idle of these keys was not used for %1.</source>
        <translation>그곳에서 가장 오래 쓰이지 않은 키는 %1 동안 쓰이지 않았습니다.</translation>
    </message>
    <message>
        <source>%1 keys of %2 have no time to live</source>
        <translation>%2의 키 %1개에 TTL이 없습니다</translation>
    </message>
    <message>
        <source>Slot %1 causes %2 of the total load</source>
        <translation>슬롯 %1이 전체 작업의 %2를 처리합니다</translation>
    </message>
    <message>
        <source>The tag {%1} fills slot %2</source>
        <translation>태그 {%1}이 슬롯 %2를 채웁니다</translation>
    </message>
    <message>
        <source>Strings of %1 would shrink by ≈ %2</source>
        <translation>%1의 문자열은 ≈ %2 줄어들 수 있습니다</translation>
    </message>
    <message>
        <source>%1 hashes of %2 are slightly too large for a listpack</source>
        <translation>%2의 해시 %1개가 listpack 한도를 조금 넘습니다</translation>
    </message>
    <message>
        <source>Shard %1 holds %2 of the memory</source>
        <translation>샤드 %1이 메모리의 %2를 담고 있습니다</translation>
    </message>
    <message>
        <source>%1 keys expire within an hour</source>
        <translation>키 %1개가 한 시간 안에 만료됩니다</translation>
    </message>
    <message>
        <source>A single node serves it. Find the key that gets the requests, or move other slots away.</source>
        <translation>한 노드가 이 슬롯을 처리합니다. 요청이 몰리는 키를 찾거나 다른 슬롯을 옮기세요.</translation>
    </message>
    <message>
        <source>%1 keys, %2 in one slot, which cannot be divided: keys with the same hash tag stay together.</source>
        <translation>키 %1개, %2가 한 슬롯에 있으며 나눌 수 없습니다. 같은 태그의 키는 함께 있습니다.</translation>
    </message>
    <message>
        <source>%1 of %2 compressed sample values became smaller, in total by %3.</source>
        <translation>시험한 값 %2개 중 %1개가 작아졌고, 전체로는 %3 줄었습니다.</translation>
    </message>
    <message>
        <source>They take %1 as hash tables. With hash-max-listpack-entries twice as high they would be listpacks.</source>
        <translation>해시 테이블로 %1를 차지합니다. hash-max-listpack-entries를 두 배로 하면 listpack으로 담깁니다.</translation>
    </message>
    <message>
        <source>%1 keys, %2.</source>
        <translation>키 %1개, %2.</translation>
    </message>
    <message>
        <source>%1, %2 of all keys: whatever recreates them gets all these requests at once.</source>
        <translation>%1, 전체 키의 %2: 이를 다시 만드는 쪽에 요청이 한꺼번에 몰립니다.</translation>
    </message>
    <message>
        <source>Expire…</source>
        <translation>만료 설정…</translation>
    </message>
    <message>
        <source>See them</source>
        <translation>보기</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>열기</translation>
    </message>
    <message>
        <source>Setting</source>
        <translation>설정 항목</translation>
    </message>
    <message>
        <source>Rebalance…</source>
        <translation>재분배…</translation>
    </message>
    <message>
        <source>the servers do not count the load of slots (cluster-slot-stats-enabled)</source>
        <translation>서버가 슬롯의 작업을 세지 않습니다 (cluster-slot-stats-enabled)</translation>
    </message>
    <message>
        <source>%1 contains no file *.rdb</source>
        <translation>%1에 *.rdb 파일이 없습니다</translation>
    </message>
    <message>
        <source>no file was given</source>
        <translation>파일이 지정되지 않았습니다</translation>
    </message>
    <message>
        <source>%1 files</source>
        <translation>파일 %1개</translation>
    </message>
    <message>
        <source>A file contains no load of slots.</source>
        <translation>파일에는 슬롯의 작업량이 들어 있지 않습니다.</translation>
    </message>
    <message>
        <source>this is not a report of an analysis</source>
        <translation>분석 보고서가 아닙니다</translation>
    </message>
    <message>
        <source>a newer version of Slotscope wrote the report</source>
        <translation>더 새로운 Slotscope가 만든 보고서입니다</translation>
    </message>
    <message>
        <source>the report is damaged: its namespaces are inconsistent</source>
        <translation>보고서가 손상되었습니다. 네임스페이스가 서로 맞지 않습니다</translation>
    </message>
    <message>
        <source>The two reports cover different keys.</source>
        <translation>두 보고서는 서로 다른 키를 다룹니다.</translation>
    </message>
    <message>
        <source>One of the reports covers only some of the keys: a difference may not be a real change.</source>
        <translation>보고서 하나는 키 일부만 담고 있습니다. 차이가 곧 변화는 아닙니다.</translation>
    </message>
    <message>
        <source>The two reports use different delimiters: their namespaces differ for that reason.</source>
        <translation>두 보고서는 서로 다른 구분자로 이름을 나눕니다. 그래서 네임스페이스가 다릅니다.</translation>
    </message>
    <message>
        <source>Types</source>
        <translation>타입</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>유형</translation>
    </message>
    <message>
        <source>Share</source>
        <translation>비율</translation>
    </message>
    <message>
        <source>Memory by namespace</source>
        <translation>네임스페이스별 메모리</translation>
    </message>
    <message>
        <source>Namespace</source>
        <translation>네임스페이스</translation>
    </message>
    <message>
        <source>Without TTL</source>
        <translation>TTL 없음</translation>
    </message>
    <message>
        <source>Biggest keys</source>
        <translation>가장 큰 키</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>키</translation>
    </message>
    <message>
        <source>Length</source>
        <translation>길이</translation>
    </message>
    <message>
        <source>TTL</source>
        <translation>TTL</translation>
    </message>
    <message>
        <source>Time to live</source>
        <translation>TTL</translation>
    </message>
    <message>
        <source>Recommendations</source>
        <translation>할 만한 일</translation>
    </message>
    <message>
        <source>&lt; 1 min</source>
        <translation>&lt; 1분</translation>
    </message>
    <message>
        <source>&lt; 10 min</source>
        <translation>&lt; 10분</translation>
    </message>
    <message>
        <source>&lt; 1 h</source>
        <translation>&lt; 1시간</translation>
    </message>
    <message>
        <source>&lt; 6 h</source>
        <translation>&lt; 6시간</translation>
    </message>
    <message>
        <source>&lt; 1 d</source>
        <translation>&lt; 1일</translation>
    </message>
    <message>
        <source>&lt; 7 d</source>
        <translation>&lt; 7일</translation>
    </message>
    <message>
        <source>longer</source>
        <translation>더 길게</translation>
    </message>
    <message>
        <source>some of the keys: %1 of ≈ %2</source>
        <translation>키 일부: ≈ %2개 중 %1개</translation>
    </message>
    <message>
        <source>some of the keys: %1</source>
        <translation>키 일부: %1개</translation>
    </message>
    <message>
        <source>all %1 keys</source>
        <translation>전체 키 %1개</translation>
    </message>
    <message>
        <source>%1 keys: %2</source>
        <translation>키 %1개: %2</translation>
    </message>
    <message>
        <source>memory from %1 samples per key</source>
        <translation>메모리는 키당 샘플 %1개</translation>
    </message>
    <message>
        <source>read from replicas in %1</source>
        <translation>레플리카에서 %1 동안 읽음</translation>
    </message>
    <message>
        <source>read in %1</source>
        <translation>%1 동안 읽음</translation>
    </message>
    <message>
        <source>The analysis was stopped: the report covers only some of the keys.</source>
        <translation>중지되었습니다. 보고서는 키 일부에 대한 것입니다.</translation>
    </message>
    <message>
        <source>This user may not read %1 keys; they are not counted.</source>
        <translation>키 %1개는 이 사용자가 볼 수 없어 세지 않았습니다.</translation>
    </message>
    <message>
        <source>%1 keys could not be read and are not counted.</source>
        <translation>키 %1개는 물어볼 수 없어 세지 않았습니다.</translation>
    </message>
    <message>
        <source>The size of %1 keys is unknown; they count as 0 bytes.</source>
        <translation>키 %1개의 크기를 알 수 없어 0바이트로 셉니다.</translation>
    </message>
    <message>
        <source>%1 keys may be counted twice: there were more key names than the analysis remembers.</source>
        <translation>키 %1개는 두 번 세었을 수 있습니다. 기억하는 수보다 이름이 많았습니다.</translation>
    </message>
    <message>
        <source>Slots that were not read: %1</source>
        <translation>읽지 못한 슬롯: %1</translation>
    </message>
    <message>
        <source>Analysis of %1</source>
        <translation>%1 분석</translation>
    </message>
    <message>
        <source>%1 keys, %2%3 in memory; %4 of them without a time to live, %5.</source>
        <translation>키 %1개, 메모리 %2%3; 그중 TTL 없는 키 %4개, %5.</translation>
    </message>
    <message>
        <source>the report is damaged: %1</source>
        <translation>보고서가 손상되었습니다: %1</translation>
    </message>
    <message>
        <source>slots %1</source>
        <translation>슬롯 %1</translation>
    </message>
    <message>
        <source>not reported</source>
        <translation>알려 주지 않음</translation>
    </message>
    <message>
        <source>Shard %1 · %2</source>
        <translation>샤드 %1 · %2</translation>
    </message>
    <message>
        <source>“%1://” is not a scheme that this program knows: use redis://, rediss:// (TLS), valkey://, valkeys://, redis+sentinel:// or unix://</source>
        <translation>“%1://”은(는) 이 프로그램이 아는 스킴이 아닙니다. redis://, rediss:// (TLS), valkey://, valkeys://, redis+sentinel://, unix://를 쓸 수 있습니다</translation>
    </message>
    <message>
        <source>write a Unix socket as unix:///path/to/socket</source>
        <translation>Unix 소켓은 unix:///path/to/socket 형식으로 씁니다</translation>
    </message>
    <message>
        <source>“%1” is not a database number</source>
        <translation>“%1”은(는) 데이터베이스 번호가 아닙니다</translation>
    </message>
    <message>
        <source>%1 runs version %2; most nodes of the cluster have %3</source>
        <translation>%1의 버전은 %2이고, 클러스터의 노드는 대부분 %3입니다</translation>
    </message>
    <message>
        <source>cluster-node-timeout of %1 is %2 ms; most nodes of the cluster have %3 ms</source>
        <translation>%1의 cluster-node-timeout은 %2 ms이고, 클러스터의 노드는 대부분 %3 ms입니다</translation>
    </message>
    <message>
        <source>No node has a copy of the data.</source>
        <translation>복사해 올 서버가 없습니다.</translation>
    </message>
    <message>
        <source>Its primary is not known</source>
        <translation>프라이머리를 알 수 없습니다</translation>
    </message>
    <message>
        <source>The backup copies the replica %1.</source>
        <translation>레플리카 %1을(를) 복사합니다.</translation>
    </message>
    <message>
        <source>No server answers</source>
        <translation>응답하는 서버가 없습니다</translation>
    </message>
    <message>
        <source>Remove %1 nodes that are gone</source>
        <translation>사라진 노드 %1개 제거</translation>
    </message>
    <message>
        <source>%1 answers</source>
        <translation>%1이(가) 응답합니다</translation>
    </message>
    <message>
        <source>Only nodes that are gone can be removed together. Remove this node separately.</source>
        <translation>사라진 노드만 함께 제거합니다. 이 노드는 따로 제거하십시오.</translation>
    </message>
    <message>
        <source>These nodes cannot be reset</source>
        <translation>이 노드들은 초기화할 수 없습니다</translation>
    </message>
    <message>
        <source>A node that comes back contacts the others again. Stop these nodes for good: %1.</source>
        <translation>돌아온 노드는 다시 다른 노드에 연락합니다. 다음을 완전히 중지하십시오: %1.</translation>
    </message>
    <message>
        <source>Choose one of its replicas.</source>
        <translation>레플리카 중 하나를 고르십시오.</translation>
    </message>
    <message>
        <source>Roll back: %1</source>
        <translation>되돌리기: %1</translation>
    </message>
    <message>
        <source>%1 is unchanged</source>
        <translation>%1은(는) 아직 그대로입니다</translation>
    </message>
    <message>
        <source>%1 is a primary</source>
        <translation>%1은(는) 프라이머리입니다</translation>
    </message>
    <message>
        <source>Written: %1 (%2)</source>
        <translation>저장함: %1(%2)</translation>
    </message>
    <message>
        <source>from %1, sizes are estimates</source>
        <translation>%1 기준, 크기는 추정값</translation>
    </message>
    <message>
        <source>only %1</source>
        <translation>%1만</translation>
    </message>
    <message>
        <source>Most nodes do not consider %1 failed</source>
        <translation>대부분의 노드가 %1을(를) 장애로 보지 않습니다</translation>
    </message>
    <message>
        <source>The node does not answer Slotscope, but other nodes may reach it. If it is gone, remove it separately.</source>
        <translation>여기서는 응답하지 않지만 다른 노드는 도달할 수 있습니다. 정말 사라졌다면 따로 제거하십시오.</translation>
    </message>
    <message>
        <source>%1 is a primary now</source>
        <translation>%1은(는) 이제 프라이머리입니다</translation>
    </message>
    <message>
        <source>Another connection started this measurement, and it is still running.</source>
        <translation>다른 연결에서 시작한 측정이며 아직 진행 중입니다.</translation>
    </message>
    <message>
        <source>Another connection started this measurement; run HOTKEYS RESET before starting a new one.</source>
        <translation>다른 연결에서 시작한 측정입니다. HOTKEYS RESET 후에 새로 시작할 수 있습니다.</translation>
    </message>
    <message>
        <source>Only one of every %1 keys was sampled, so hot keys may be missing.</source>
        <translation>키 %1개 중 하나만 표본으로 잡았으므로 핫 키가 빠져 있을 수 있습니다.</translation>
    </message>
    <message>
        <source>%1 is damaged</source>
        <translation>%1이(가) 손상되었습니다</translation>
    </message>
    <message>
        <source>another program has locked %1.lock</source>
        <translation>다른 프로그램이 %1.lock을 잡고 있습니다</translation>
    </message>
    <message>
        <source>Health monitoring</source>
        <translation>지켜보기</translation>
    </message>
    <message>
        <source>Notify when the health of a cluster changes</source>
        <translation>클러스터 상태가 바뀌면 알림</translation>
    </message>
    <message>
        <source>A notification when the cluster of an open connection becomes worse or recovers while another tab or program is in front. Only while Slotscope is open.</source>
        <translation>다른 탭이나 프로그램이 앞에 있을 때 열린 연결이 나빠지거나 다시 정상이 되면 알립니다. Slotscope가 열려 있는 동안만입니다.</translation>
    </message>
    <message>
        <source>Icon in the system tray</source>
        <translation>데스크톱 트레이 아이콘</translation>
    </message>
    <message>
        <source>Shows the worst state of all open connections and gives access to each. Some desktops have no tray.</source>
        <translation>열린 모든 연결 중 가장 나쁜 상태를 보여 주고 각 연결로 이동합니다. 트레이가 없는 데스크톱도 있습니다.</translation>
    </message>
    <message>
        <source>1 error</source>
        <translation>오류 1건</translation>
    </message>
    <message>
        <source>%1 errors</source>
        <translation>오류 %1건</translation>
    </message>
    <message>
        <source>1 warning</source>
        <translation>경고 1건</translation>
    </message>
    <message>
        <source>%1 warnings</source>
        <translation>경고 %1건</translation>
    </message>
    <message>
        <source>migrating slots</source>
        <translation>슬롯 이동 중</translation>
    </message>
    <message>
        <source>1 note</source>
        <translation>참고 1건</translation>
    </message>
    <message>
        <source>%1 notes</source>
        <translation>참고 %1건</translation>
    </message>
    <message>
        <source>Empty</source>
        <translation>비어 있음</translation>
    </message>
    <message>
        <source>Down</source>
        <translation>다운</translation>
    </message>
    <message>
        <source>Broken</source>
        <translation>장애</translation>
    </message>
    <message>
        <source>Degraded</source>
        <translation>저하됨</translation>
    </message>
    <message>
        <source>Healthy</source>
        <translation>정상</translation>
    </message>
    <message>
        <source>Connecting</source>
        <translation>연결 중</translation>
    </message>
    <message>
        <source>No connection</source>
        <translation>연결 없음</translation>
    </message>
    <message>
        <source>No node is on host %1</source>
        <translation>호스트 %1에 노드가 없습니다</translation>
    </message>
    <message>
        <source>The shard of %1 has no primary</source>
        <translation>%1의 샤드에 프라이머리가 없습니다</translation>
    </message>
    <message>
        <source>The node is not in the cluster</source>
        <translation>그 노드는 클러스터에 없습니다</translation>
    </message>
    <message>
        <source>Shard %1 (control)</source>
        <translation>샤드 %1 (대조)</translation>
    </message>
    <message>
        <source>Time line; the table below shows the same data</source>
        <translation>타임라인. 아래 표에 같은 내용이 있습니다</translation>
    </message>
    <message>
        <source>Shard</source>
        <translation>샤드</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>시각</translation>
    </message>
    <message>
        <source>Within</source>
        <translation>오차 범위</translation>
    </message>
    <message>
        <source>What</source>
        <translation>사건</translation>
    </message>
    <message>
        <source>Detail</source>
        <translation>자세히</translation>
    </message>
    <message>
        <source>Time line</source>
        <translation>타임라인</translation>
    </message>
    <message>
        <source>Everything that was observed</source>
        <translation>관찰된 모든 것</translation>
    </message>
    <message>
        <source>Polled %1 nodes every %2: %3. Times are relative to the loss.</source>
        <translation>노드 %1개에 %2마다 물었습니다: %3. 시각은 장애 시점 기준입니다.</translation>
    </message>
    <message>
        <source>this is not a drill report that this program can read</source>
        <translation>이 프로그램이 읽는 훈련 보고서가 아닙니다</translation>
    </message>
    <message>
        <source>the command names no program</source>
        <translation>명령에 프로그램이 없습니다</translation>
    </message>
    <message>
        <source>%1 lacks a host, a port or an id that can be used in a command</source>
        <translation>%1에는 명령에 넣을 수 있는 호스트, 포트, ID가 없습니다</translation>
    </message>
    <message>
        <source>an address</source>
        <translation>주소</translation>
    </message>
    <message>
        <source>this is not a drill that this program plans</source>
        <translation>이 프로그램이 계획하는 훈련이 아닙니다</translation>
    </message>
    <message>
        <source> (within the last %1)</source>
        <translation> (직전 %1 이내)</translation>
    </message>
    <message>
        <source>%1 is made unavailable</source>
        <translation>%1이(가) 제거됨</translation>
    </message>
    <message>
        <source>%1 does not answer Slotscope</source>
        <translation>%1이(가) 응답하지 않습니다</translation>
    </message>
    <message>
        <source>%1 suspects %2</source>
        <translation>%1이(가) %2을(를) 의심합니다</translation>
    </message>
    <message>
        <source>%1 marks %2 as failed</source>
        <translation>%1이(가) %2을(를) 실패로 판단합니다</translation>
    </message>
    <message>
        <source>%1 sees %2 as the primary</source>
        <translation>%1이(가) %2을(를) 프라이머리로 봅니다</translation>
    </message>
    <message>
        <source>%1 answers Slotscope again</source>
        <translation>%1이(가) 다시 응답합니다</translation>
    </message>
    <message>
        <source>%1 sees itself as a replica</source>
        <translation>%1이(가) 스스로를 레플리카로 봅니다</translation>
    </message>
    <message>
        <source>the replication link of %1 is up</source>
        <translation>%1의 복제 링크가 연결됨</translation>
    </message>
    <message>
        <source>%1 is started again</source>
        <translation>%1을(를) 다시 시작함</translation>
    </message>
    <message>
        <source>%1 is told to take over again</source>
        <translation>%1에게 다시 넘겨받으라고 지시함</translation>
    </message>
    <message>
        <source>%1 sees %2 as the primary again</source>
        <translation>%1이(가) %2을(를) 다시 프라이머리로 봅니다</translation>
    </message>
    <message>
        <source>Made unavailable</source>
        <translation>제거됨</translation>
    </message>
    <message>
        <source>Suspected</source>
        <translation>의심됨</translation>
    </message>
    <message>
        <source>by %1</source>
        <translation>%1 기준</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>실패</translation>
    </message>
    <message>
        <source>according to %1</source>
        <translation>%1의 테이블에서</translation>
    </message>
    <message>
        <source>Elected</source>
        <translation>선출됨</translation>
    </message>
    <message>
        <source>%1, according to %2</source>
        <translation>%1, %2의 테이블에서</translation>
    </message>
    <message>
        <source>Started again</source>
        <translation>다시 시작됨</translation>
    </message>
    <message>
        <source>Back as a replica</source>
        <translation>레플리카로 복귀</translation>
    </message>
    <message>
        <source>%1, by itself</source>
        <translation>%1, 스스로의 응답</translation>
    </message>
    <message>
        <source>Handed back</source>
        <translation>되돌려 줌</translation>
    </message>
    <message>
        <source>Layout restored</source>
        <translation>배치 복원됨</translation>
    </message>
    <message>
        <source>%1: no write was delayed by more than a tenth of a second.</source>
        <translation>%1: 0.1초 넘게 지연된 쓰기가 없습니다.</translation>
    </message>
    <message>
        <source>%1: no write was acknowledged after %2.</source>
        <translation>%1: %2부터 승인된 쓰기가 없습니다.</translation>
    </message>
    <message>
        <source>%1: no write was acknowledged for %2 (from %3 to %4; one was sent every %5 ms).</source>
        <translation>%1: %2 동안 승인된 쓰기가 없습니다(%3부터 %4까지, %5 ms마다 하나씩 보냄).</translation>
    </message>
    <message>
        <source>%1: errors of the writes that were not acknowledged: %2.</source>
        <translation>%1: 승인되지 않은 쓰기의 응답: %2.</translation>
    </message>
    <message>
        <source>%1: while the layout was restored, no write was acknowledged for %2.</source>
        <translation>%1: 배치를 복원하는 동안 %2 동안 승인된 쓰기가 없습니다.</translation>
    </message>
    <message>
        <source>%1: it was not checked afterwards whether the writes are still there.</source>
        <translation>%1: 나중에 쓰기를 확인하지 않았습니다.</translation>
    </message>
    <message>
        <source>%1: all %2 acknowledged writes are there; the replicas had acknowledged %3 of them too.</source>
        <translation>%1: 승인된 쓰기 %2개가 모두 있습니다. 그중 %3개는 레플리카도 승인했습니다.</translation>
    </message>
    <message>
        <source>%1: %2 of %3 acknowledged writes are lost; of %4 that the replicas had also acknowledged, %5.</source>
        <translation>%1: 승인된 쓰기 %3개 중 %2개가 없습니다. 레플리카가 승인한 %4개 중에서는 %5개.</translation>
    </message>
    <message>
        <source>%1: %2 writes could not be read back.</source>
        <translation>%1: 쓰기 %2개를 다시 읽지 못했습니다.</translation>
    </message>
    <message>
        <source>%1%2 s</source>
        <translation>%1%2초</translation>
    </message>
    <message>
        <source>Graceful failover</source>
        <translation>정상 페일오버</translation>
    </message>
    <message>
        <source>CLIENT PAUSE</source>
        <translation>CLIENT PAUSE</translation>
    </message>
    <message>
        <source>DEBUG SLEEP</source>
        <translation>DEBUG SLEEP</translation>
    </message>
    <message>
        <source>Your own commands</source>
        <translation>사용자 명령</translation>
    </message>
    <message>
        <source>Last write</source>
        <translation>마지막 쓰기</translation>
    </message>
    <message>
        <source>acknowledged to Slotscope&apos;s probe</source>
        <translation>프로브에 승인됨</translation>
    </message>
    <message>
        <source>First write</source>
        <translation>첫 쓰기</translation>
    </message>
    <message>
        <source>acknowledged again, after %1</source>
        <translation>%1 만에 다시 승인됨</translation>
    </message>
    <message>
        <source>No node was made unavailable.</source>
        <translation>제거된 것이 없습니다.</translation>
    </message>
    <message>
        <source>Replication of shard %1: %2 had not received the last %3 or more of what %4 had reported (%5).</source>
        <translation>샤드 %1의 복제: %4이(가) 알린 것(%5) 중 마지막 %3 이상을 %2이(가) 받지 못했습니다.</translation>
    </message>
    <message>
        <source>Replication of shard %1: %2 had received all that %3 had reported (%4).</source>
        <translation>샤드 %1의 복제: %3이(가) 알린 것(%4)을 %2이(가) 모두 받았습니다.</translation>
    </message>
    <message>
        <source>Keys of the probe still exist; they expire within an hour.</source>
        <translation>프로브의 키가 아직 남아 있습니다. 한 시간 안에 만료됩니다.</translation>
    </message>
    <message>
        <source>requests per second</source>
        <translation>초당 요청</translation>
    </message>
    <message>
        <source>longest</source>
        <translation>최장</translation>
    </message>
    <message>
        <source>errors</source>
        <translation>오류</translation>
    </message>
    <message>
        <source>%1: %2, then %3</source>
        <translation>%1: %2, 다음 %3</translation>
    </message>
    <message>
        <source>%1 per second</source>
        <translation>초당 %1</translation>
    </message>
    <message>
        <source>as many as possible</source>
        <translation>가능한 한 많이</translation>
    </message>
    <message>
        <source>rate</source>
        <translation>속도</translation>
    </message>
    <message>
        <source>clients</source>
        <translation>클라이언트</translation>
    </message>
    <message>
        <source>pipeline</source>
        <translation>파이프라인</translation>
    </message>
    <message>
        <source>commands</source>
        <translation>명령</translation>
    </message>
    <message>
        <source>value size in bytes</source>
        <translation>값의 바이트</translation>
    </message>
    <message>
        <source>keys</source>
        <translation>키</translation>
    </message>
    <message>
        <source>order of keys</source>
        <translation>키 순서</translation>
    </message>
    <message>
        <source>hash tags</source>
        <translation>해시 태그</translation>
    </message>
    <message>
        <source>reads from replicas</source>
        <translation>레플리카에서 읽기</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>예</translation>
    </message>
    <message>
        <source>no</source>
        <translation>아니요</translation>
    </message>
    <message>
        <source>pipeline %1</source>
        <translation>파이프라인 %1</translation>
    </message>
    <message>
        <source>%1 keys, %2</source>
        <translation>키 %1개, %2</translation>
    </message>
    <message>
        <source>no answer in time</source>
        <translation>제시간에 응답 없음</translation>
    </message>
    <message>
        <source>the connection was lost: executed or not, unknown</source>
        <translation>연결이 끊김: 실행 여부 불명</translation>
    </message>
    <message>
        <source>no connection to the node: not sent</source>
        <translation>노드에 연결 없음: 보내지 않음</translation>
    </message>
    <message>
        <source>a malformed reply</source>
        <translation>응답이 아닌 응답</translation>
    </message>
    <message>
        <source>no permission (NOPERM)</source>
        <translation>권한 없음(NOPERM)</translation>
    </message>
    <message>
        <source>runs</source>
        <translation>실행 중</translation>
    </message>
    <message>
        <source>ended after its time</source>
        <translation>시간이 되어 끝남</translation>
    </message>
    <message>
        <source>ended after its requests</source>
        <translation>요청을 모두 보내고 끝남</translation>
    </message>
    <message>
        <source>Times start at the moment when a request was due, so a server that stalls becomes visible.</source>
        <translation>시간은 요청을 보냈어야 할 순간부터 세므로, 멈춘 서버가 드러납니다.</translation>
    </message>
    <message>
        <source>this is not a report of a load test, or it was made by a newer version of Slotscope</source>
        <translation>부하 테스트 보고서가 아니거나 더 새로운 Slotscope의 것입니다</translation>
    </message>
    <message>
        <source>the weight of “%1” is not an integer from 1 to %2</source>
        <translation>“%1”의 비율이 1부터 %2까지의 정수가 아닙니다</translation>
    </message>
    <message>
        <source>a command is missing in “%1”</source>
        <translation>“%1”에 명령이 빠져 있습니다</translation>
    </message>
    <message>
        <source>“%1” is not a value size: 64, or 64-1024, at most 16m</source>
        <translation>“%1”은(는) 값의 크기가 아닙니다: 64 또는 64-1024, 최대 16m</translation>
    </message>
    <message>
        <source>the exponent of zipf is a number from 0.01 to 10, such as zipf:1.2</source>
        <translation>zipf의 지수는 0.01부터 10까지의 수입니다. 예: zipf:1.2</translation>
    </message>
    <message>
        <source>“%1” is not one of uniform, zipf, zipf:EXPONENT, sequential</source>
        <translation>“%1”은(는) uniform, zipf, zipf:EXPONENT, sequential 중 하나가 아닙니다</translation>
    </message>
    <message>
        <source>the rate must be a number of requests per second; omit it for as many as possible</source>
        <translation>속도는 초당 요청 수이며, 없으면 가능한 한 많이 보냅니다</translation>
    </message>
    <message>
        <source>the time may be at most %1 seconds</source>
        <translation>시간은 최대 %1초입니다</translation>
    </message>
    <message>
        <source>give a time or a number of requests</source>
        <translation>시간이나 요청 수를 지정하세요</translation>
    </message>
    <message>
        <source>the number of keys must be from 1 to %1</source>
        <translation>키 수는 1부터 %1까지입니다</translation>
    </message>
    <message>
        <source>from 1 to %1 clients and a pipeline of 1 to %2 are allowed</source>
        <translation>클라이언트는 1부터 %1까지, 파이프라인은 1부터 %2까지</translation>
    </message>
    <message>
        <source>a number of threads, tags, seconds or bytes is out of range</source>
        <translation>스레드, 태그, 초 또는 바이트 수가 범위를 벗어났습니다</translation>
    </message>
    <message>
        <source>the prefix already contains a hash tag, so no other tags can be used</source>
        <translation>접두사에 자체 해시 태그가 있으면 다른 태그를 쓸 수 없습니다</translation>
    </message>
    <message>
        <source>from 1 to %1 commands are allowed</source>
        <translation>명령은 1개부터 %1개까지</translation>
    </message>
    <message>
        <source>%1 keys of the probe deleted from %2</source>
        <translation>%2에서 프로브의 키 %1개를 지웠습니다</translation>
    </message>
    <message>
        <source>%1 of %2 acknowledged writes are lost; %3 of %4 that the replicas had also acknowledged</source>
        <translation>승인된 쓰기 %2개 중 %1개 없음, 레플리카가 승인한 %4개 중 %3개 없음</translation>
    </message>
    <message>
        <source>keys of the probe still exist; they expire within an hour</source>
        <translation>프로브의 키가 아직 남아 있습니다. 한 시간 안에 만료됩니다</translation>
    </message>
    <message>
        <source>the probe&apos;s first writes</source>
        <translation>프로브의 첫 쓰기</translation>
    </message>
    <message>
        <source>the probe could not write to %1; no node was made unavailable</source>
        <translation>프로브가 %1에 쓰지 못했습니다. 제거된 것은 없습니다</translation>
    </message>
    <message>
        <source>a replica to take over</source>
        <translation>레플리카의 인계</translation>
    </message>
    <message>
        <source>the pause to be over</source>
        <translation>일시 정지의 끝</translation>
    </message>
    <message>
        <source>%1 to be over</source>
        <translation>%1 경과</translation>
    </message>
    <message>
        <source>writes to be served again</source>
        <translation>쓰기 서비스 재개</translation>
    </message>
    <message>
        <source>the service to stay stable for a moment</source>
        <translation>서비스 상태를 조금 더 지켜보기</translation>
    </message>
    <message>
        <source>not reached within %1: %2</source>
        <translation>%1 안에 이루어지지 않음: %2</translation>
    </message>
    <message>
        <source>not repeated: the drill was interrupted, and only the previous layout is restored</source>
        <translation>다시 하지 않음: 훈련이 중단되었으며 이전 배치만 복원합니다</translation>
    </message>
    <message>
        <source>measured for %1</source>
        <translation>%1 동안 측정함</translation>
    </message>
    <message>
        <source>a replica to take over, before the server is started again</source>
        <translation>서버를 다시 시작하기 전 레플리카의 인계</translation>
    </message>
    <message>
        <source>%1 answers: it is not started</source>
        <translation>%1이(가) 응답하므로 시작하지 않습니다</translation>
    </message>
    <message>
        <source>%1 to answer</source>
        <translation>%1의 응답</translation>
    </message>
    <message>
        <source>the details of the drill are missing</source>
        <translation>훈련 내용이 없습니다</translation>
    </message>
    <message>
        <source>it had not finished within %1</source>
        <translation>%1 안에 끝나지 않았습니다</translation>
    </message>
    <message>
        <source>it was killed</source>
        <translation>강제 종료되었습니다</translation>
    </message>
    <message>
        <source>it exited with code %1</source>
        <translation>코드 %1(으)로 끝났습니다</translation>
    </message>
    <message>
        <source>on this computer: %1</source>
        <translation>이 컴퓨터에서: %1</translation>
    </message>
    <message>
        <source>it printed: %1</source>
        <translation>출력: %1</translation>
    </message>
    <message>
        <source>Times start at the moment when a request was sent. Without a rate limit, a stalled server receives fewer requests in the meantime, so the percentiles hardly show the stall; a fixed rate shows it.</source>
        <translation>시간은 요청을 보낸 순간부터 잽니다. 최고 속도에서는 멈춘 서버에 그동안 더 적은 요청이 가므로 백분위수에 거의 드러나지 않습니다. 고정 속도에서는 드러납니다.</translation>
    </message>
    <message>
        <source>A key that is written to a database that the target lacks cannot be moved, and the operation stops there.</source>
        <translation>대상에 없는 데이터베이스에 키가 쓰이면 그 키는 옮길 수 없어 실행이 거기서 멈춥니다.</translation>
    </message>
    <message>
        <source>a quote (%1) is not closed</source>
        <translation>따옴표(%1)가 닫히지 않았습니다</translation>
    </message>
    <message>
        <source>threads</source>
        <translation>스레드</translation>
    </message>
    <message>
        <source>chosen automatically</source>
        <translation>자동</translation>
    </message>
    <message>
        <source>keys that are read are written first</source>
        <translation>읽을 키를 먼저 쓰기</translation>
    </message>
    <message>
        <source>seconds of warm-up</source>
        <translation>예열 시간(초)</translation>
    </message>
    <message>
        <source>seconds</source>
        <translation>초</translation>
    </message>
    <message>
        <source>requests</source>
        <translation>요청</translation>
    </message>
    <message>
        <source>version of the server</source>
        <translation>서버 버전</translation>
    </message>
    <message>
        <source>earlier report: %1</source>
        <translation>이전 테스트: %1</translation>
    </message>
    <message>
        <source>this report: %1</source>
        <translation>이번 테스트: %1</translation>
    </message>
    <message>
        <source>The load test itself was at its limit: a thread was busy %1 % of the time and sent up to %2 ms late. The times are partly its own; use a lower rate.</source>
        <translation>부하 테스트 자체가 한계에 이르렀습니다. 한 스레드가 시간의 %1 %를 바쁘게 보냈고 최대 %2 ms 늦게 보냈습니다. 시간의 일부는 테스트 자체의 것이니 초당 요청 수를 줄이십시오.</translation>
    </message>
    <message>
        <source>%1 is a primary, but was a replica of %2</source>
        <translation>%1은(는) 프라이머리이며, 전에는 %2의 복제본이었습니다</translation>
    </message>
    <message>
        <source>%1 is a replica of %2, but was a primary</source>
        <translation>%1은(는) %2의 복제본이며, 전에는 프라이머리였습니다</translation>
    </message>
    <message>
        <source>%1 is a replica of %2, but was one of %3</source>
        <translation>%1은(는) %2의 복제본이며, 전에는 %3의 복제본이었습니다</translation>
    </message>
    <message>
        <source>%1 has other slots than before</source>
        <translation>%1의 슬롯이 전과 다릅니다</translation>
    </message>
    <message>
        <source>none of the %1 acknowledged writes could be read back: it is unknown whether any is lost</source>
        <translation>승인된 쓰기 %1개를 하나도 다시 읽을 수 없었습니다. 빠진 것이 있는지 알 수 없습니다</translation>
    </message>
    <message>
        <source>%1 could not be read back</source>
        <translation>%1개는 다시 읽을 수 없었습니다</translation>
    </message>
    <message>
        <source>%1: not as before the drill: %2. To finish restoring: slotscope-cli resume %3</source>
        <translation>%1: 훈련 전과 다릅니다: %2. 남은 일은 다음으로 합니다: slotscope-cli resume %3</translation>
    </message>
    <message>
        <source>and %1 more</source>
        <translation>외 %1개</translation>
    </message>
    <message>
        <source>as before: %1</source>
        <translation>이전과 같음: %1</translation>
    </message>
    <message>
        <source>%1 is stopped, and was NOT started again: no replica has taken over its slots. Started now, it could come back empty, and its replicas would copy that. Resume the operation, which waits for a replica first; or start the server yourself if its data is on disk</source>
        <translation>%1이(가) 중지되어 있으며 다시 시작하지 않았습니다. 슬롯을 넘겨받은 복제본이 없습니다. 지금 시작하면 빈 상태로 돌아오고 복제본들이 이를 따를 수 있습니다. 복제본을 먼저 기다리는 실행 재개를 쓰거나, 데이터가 디스크에 있다면 직접 서버를 시작하세요</translation>
    </message>
    <message>
        <source>%1 does not answer yet</source>
        <translation>%1이(가) 아직 응답하지 않습니다</translation>
    </message>
    <message>
        <source>%1 answers: it was not made unavailable</source>
        <translation>%1이(가) 응답합니다. 제거되지 않았습니다</translation>
    </message>
    <message>
        <source>it is a primary, but %1 serves its slots</source>
        <translation>프라이머리이지만 슬롯은 %1이(가) 제공합니다</translation>
    </message>
    <message>
        <source>it is now a replica in another shard; %1 serves the slots that it had. Make it a replica of that node (CLUSTER REPLICATE), then resume</source>
        <translation>지금은 다른 샤드의 프라이머리를 따릅니다. 갖고 있던 슬롯은 %1이(가) 제공합니다. 그 노드의 복제본으로 만든 뒤(CLUSTER REPLICATE) 재개하세요</translation>
    </message>
    <message>
        <source>the command keeps running, like a server in the foreground; Slotscope does not end it. Its output is in %1</source>
        <translation>명령이 포그라운드 서버처럼 계속 실행되며 종료하지 않습니다. 출력은 %1에 있습니다</translation>
    </message>
    <message>
        <source>no file</source>
        <translation>파일 없음</translation>
    </message>
    <message>
        <source>If %1 does not answer and a replica has taken over, this command runs on this computer: %2. A server without persistence comes back empty.</source>
        <translation>%1이(가) 응답하지 않고 복제본이 넘겨받았으면 이 컴퓨터에서 실행됩니다: %2. 아무것도 저장하지 않는 서버는 빈 상태로 돌아옵니다.</translation>
    </message>
    <message>
        <source>1 client</source>
        <translation>클라이언트 1개</translation>
    </message>
    <message>
        <source>%1 clients</source>
        <translation>클라이언트 %1개</translation>
    </message>
    <message>
        <source>1 hash tag</source>
        <translation>해시 태그 1개</translation>
    </message>
    <message>
        <source>%1 hash tags</source>
        <translation>해시 태그 %1개</translation>
    </message>
    <message>
        <source>connections × pipeline × value size is %1: at most %2 may be in flight at once</source>
        <translation>연결 × 파이프라인 × 값 크기가 %1입니다. 한 번에 최대 %2까지 보낼 수 있습니다</translation>
    </message>
    <message>
        <source>From %1 to %2 the whole cluster refused writes, including the control shard (CLUSTERDOWN): this happens without a majority of primaries, or with cluster-require-full-coverage if slots are not served.</source>
        <translation>%1부터 %2까지 대조용 샤드를 포함한 클러스터 전체가 쓰기를 거부했습니다(CLUSTERDOWN). 프라이머리의 과반수가 없거나, cluster-require-full-coverage가 켜진 상태에서 서비스되지 않는 슬롯이 있으면 그렇게 됩니다.</translation>
    </message>
    <message>
        <source>From %1 to %2 no shard answered, not even the control shard, which the loss does not affect: this computer, the network, or all servers were stalled. This interval says nothing about the drill.</source>
        <translation>%1부터 %2까지 어느 샤드도, 장애와 무관한 대조용 샤드조차 응답하지 않았습니다. 이 컴퓨터나 네트워크 또는 모든 서버가 지연된 것이므로 이 시간은 훈련 결과로 볼 수 없습니다.</translation>
    </message>
    <message>
        <source>The record of an earlier load test cannot be read, so Slotscope cannot find the keys that it may have left (they begin with the test&apos;s prefix, by default slotscope:load:). Remove the file after you have checked: %1</source>
        <translation>이전 부하 테스트의 기록을 읽을 수 없어 남아 있을 수 있는 키를 찾지 못합니다(키 이름은 테스트의 접두사로 시작하며, 기본값은 slotscope:load:입니다). 확인한 뒤 파일을 삭제하십시오: %1</translation>
    </message>
    <message>
        <source>%1 keys evicted since the start (maxmemory): some of the lost writes may have been evicted.</source>
        <translation>%1이(가) 시작된 뒤 키를 축출했습니다(maxmemory). 없어진 쓰기 중 일부는 유실이 아니라 축출된 것일 수 있습니다.</translation>
    </message>
    <message>
        <source>keys of the probe may still exist on %1; they expire within an hour</source>
        <translation>프로브의 키가 아직 %1에 있을 수 있으며, 한 시간 안에 만료됩니다</translation>
    </message>
    <message>
        <source>Hot keys</source>
        <translation>핫 키</translation>
    </message>
    <message>
        <source>INFO keysizes of %1 of %2 primaries · all keys · as of %3</source>
        <translation>프라이머리 %2개 중 %1개의 INFO keysizes · 모든 키 · %3 기준</translation>
    </message>
    <message>
        <source>INFO keysizes of %1 of %2 primaries · some of the keys · as of %3</source>
        <translation>프라이머리 %2개 중 %1개의 INFO keysizes · 키의 일부 · %3 기준</translation>
    </message>
    <message>
        <source>%1. It needs: ACL SETUSER %2 +info</source>
        <translation>%1. 필요한 권한: ACL SETUSER %2 +info</translation>
    </message>
    <message>
        <source>No INFO keysizes (new in Redis 8.0): %1</source>
        <translation>INFO keysizes 없음(Redis 8.0 이상에 있음): %1</translation>
    </message>
    <message>
        <source>Not understood and not counted: %1</source>
        <translation>해석할 수 없어 세지 않은 줄: %1</translation>
    </message>
    <message>
        <source>Other lines that are not understood: %1</source>
        <translation>그 밖에 해석할 수 없는 줄: %1</translation>
    </message>
    <message>
        <source>Keys whose size the servers do not count (streams, module types): %1</source>
        <translation>서버가 크기를 세지 않는 키(스트림, 모듈): %1</translation>
    </message>
    <message>
        <source>The two reports are of different clusters.</source>
        <translation>두 보고서는 서로 다른 클러스터의 것입니다.</translation>
    </message>
    <message>
        <source>The key is in slot %1, which is on %2. With “Follow redirects” the command is sent there, but not within MULTI: all keys of a transaction must be on one node.</source>
        <translation>키는 %2에 있는 슬롯 %1에 있습니다. ‘리다이렉트 따라가기’를 켜면 명령을 그 노드로 보내지만, MULTI 안에서는 보내지 않습니다. 한 트랜잭션의 모든 키는 같은 노드에 있어야 합니다.</translation>
    </message>
    <message>
        <source>%1 has no key, so only %2 received it. To send it to every primary, choose “All primaries” as the target.</source>
        <translation>%1에는 키가 없어 %2에만 보냈습니다. 모든 프라이머리에 보내려면 대상으로 “모든 프라이머리”를 선택하세요.</translation>
    </message>
    <message>
        <source>the primary</source>
        <translation>프라이머리</translation>
    </message>
    <message>
        <source>same value as the primary</source>
        <translation>프라이머리와 같은 값</translation>
    </message>
    <message>
        <source>another value than the primary, also when read again</source>
        <translation>다시 읽어도 프라이머리와 다른 값</translation>
    </message>
    <message>
        <source>subscribed, never evicted</source>
        <translation>구독 중, 제거되지 않음</translation>
    </message>
    <message>
        <source>not compared: larger than %1, or its size is not known</source>
        <translation>비교하지 않음: %1보다 크거나 크기를 알 수 없음</translation>
    </message>
    <message>
        <source>not compared: the primary could not be read, or values of this type cannot be compared</source>
        <translation>비교하지 않음: 프라이머리를 읽을 수 없거나 이 타입의 값은 비교할 수 없음</translation>
    </message>
    <message>
        <source>Line %1, column %2: %3</source>
        <translation>%1행 %2열: %3</translation>
    </message>
    <message>
        <source>This is no JSON value: it is empty. A text needs quotes, such as &quot;text&quot;.</source>
        <translation>JSON 값이 아닙니다. 비어 있습니다. 텍스트에는 &quot;text&quot;처럼 따옴표가 필요합니다.</translation>
    </message>
    <message>
        <source>NaN and Infinity are not JSON.</source>
        <translation>NaN과 Infinity는 JSON이 아닙니다.</translation>
    </message>
    <message>
        <source>It was not written in the usual way: written again, it would differ. It is only shown.</source>
        <translation>일반적인 방식으로 쓰인 값이 아니어서 다시 쓰면 달라집니다. 표시만 합니다.</translation>
    </message>
    <message>
        <source>It could not be checked that it can be written again: %1.</source>
        <translation>다시 쓸 수 있는지 확인하지 못했습니다: %1.</translation>
    </message>
    <message>
        <source>No .proto file that was read defines %1: fields are shown by their numbers.</source>
        <translation>읽은 .proto 파일 중 %1을(를) 정의하는 것이 없어 필드를 번호로 표시합니다.</translation>
    </message>
    <message>
        <source>blocks are nested deeper than %1 levels</source>
        <translation>블록이 %1단계보다 깊게 중첩되어 있습니다</translation>
    </message>
    <message>
        <source>.proto files</source>
        <translation>.proto 파일</translation>
    </message>
    <message>
        <source>there is no metric “%1”; the metrics are %2, and info:FIELD for a field of INFO</source>
        <translation>“%1” 수치는 없습니다. 사용 가능: %2, INFO의 필드는 info:FIELD</translation>
    </message>
    <message>
        <source>the server changed nothing, because the path no longer exists</source>
        <translation>경로가 더 이상 없어 서버가 아무것도 바꾸지 않았습니다</translation>
    </message>
    <message>
        <source>%1 was not written: the value changed while it was read. Try again.</source>
        <translation>%1을(를) 쓰지 않았습니다. 읽는 동안 값이 바뀌었습니다. 다시 시도하십시오.</translation>
    </message>
    <message>
        <source>there are more than %1 problems: the rest is not listed</source>
        <translation>문제가 %1개보다 많아 나머지는 표시하지 않습니다</translation>
    </message>
    <message>
        <source>%1 is not a file</source>
        <translation>%1은(는) 파일이 아닙니다</translation>
    </message>
</context>
<context>
    <name>slotscope::AclKeeper</name>
    <message>
        <source>this node is not known</source>
        <translation>그런 노드를 알지 못합니다</translation>
    </message>
    <message>
        <source>%1 no longer has the user %2</source>
        <translation>%1에 사용자 %2이(가) 더 이상 없습니다</translation>
    </message>
    <message>
        <source>the user does not exist</source>
        <translation>해당 사용자가 없습니다</translation>
    </message>
</context>
<context>
    <name>slotscope::AclLogDialog</name>
    <message>
        <source>wrong name or password</source>
        <translation>이름 또는 비밀번호가 틀림</translation>
    </message>
    <message>
        <source>command %1</source>
        <translation>명령 %1</translation>
    </message>
    <message>
        <source>key %1</source>
        <translation>키 %1</translation>
    </message>
    <message>
        <source>channel %1</source>
        <translation>채널 %1</translation>
    </message>
    <message>
        <source>Reading the nodes…</source>
        <translation>노드에 묻는 중…</translation>
    </message>
    <message>
        <source>Clear the logs</source>
        <translation>로그 비우기</translation>
    </message>
    <message>
        <source>Refused logins and commands</source>
        <translation>거부된 로그인과 명령</translation>
    </message>
    <message>
        <source>When</source>
        <translation>시각</translation>
    </message>
    <message>
        <source>Node</source>
        <translation>노드</translation>
    </message>
    <message>
        <source>User</source>
        <translation>사용자</translation>
    </message>
    <message>
        <source>Refused</source>
        <translation>거부됨</translation>
    </message>
    <message>
        <source>Count</source>
        <translation>횟수</translation>
    </message>
    <message>
        <source>From</source>
        <translation>원본</translation>
    </message>
    <message>
        <source>Read again</source>
        <translation>다시 읽기</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>닫기</translation>
    </message>
    <message>
        <source>The ACL logs of the nodes are empty.</source>
        <translation>노드에 기록된 거부 내역이 없습니다.</translation>
    </message>
    <message>
        <source>1 entry</source>
        <translation>엔트리 1개</translation>
    </message>
    <message>
        <source>%1 entries</source>
        <translation>엔트리 %1개</translation>
    </message>
    <message>
        <source>The newest %1 are shown.</source>
        <translation>최근 %1개를 표시합니다.</translation>
    </message>
    <message>
        <source>Clear the log of 1 node?</source>
        <translation>노드 1개의 로그를 비울까요?</translation>
    </message>
    <message>
        <source>Clear the logs of %1 nodes?</source>
        <translation>노드 %1개의 로그를 비울까요?</translation>
    </message>
    <message>
        <source>Information about who was refused what is then lost.</source>
        <translation>누구에게 무엇이 거부되었는지 더 이상 알 수 없게 됩니다.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
</context>
<context>
    <name>slotscope::AclTrialDialog</name>
    <message>
        <source>Ask the nodes</source>
        <translation>노드에 묻기</translation>
    </message>
    <message>
        <source>May %1 run this command?</source>
        <translation>%1이(가) 실행할 수 있나요?</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>명령</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>닫기</translation>
    </message>
    <message>
        <source>Enter a command with its keys. The nodes only check whether the user may run it (ACL DRYRUN).</source>
        <translation>명령을 키와 함께 입력하세요. 노드는 사용자가 실행할 수 있는지만 알려 줍니다(ACL DRYRUN).</translation>
    </message>
    <message>
        <source>Asking…</source>
        <translation>묻는 중…</translation>
    </message>
    <message>
        <source>✓ Allowed.</source>
        <translation>✓ 실행할 수 있습니다.</translation>
    </message>
    <message>
        <source>(1 node)</source>
        <translation>(노드 1개)</translation>
    </message>
    <message>
        <source>(all %1 nodes)</source>
        <translation>(모든 노드 %1개)</translation>
    </message>
    <message>
        <source>%1 nodes</source>
        <translation>노드 %1개</translation>
    </message>
</context>
<context>
    <name>slotscope::ActWords</name>
    <message>
        <source>Create the cluster</source>
        <translation>클러스터 만들기</translation>
    </message>
    <message>
        <source>Add the node</source>
        <translation>노드 추가</translation>
    </message>
    <message>
        <source>Move %1 slots and remove the node</source>
        <translation>슬롯 %1개를 옮기고 노드 제거</translation>
    </message>
    <message>
        <source>Remove the node</source>
        <translation>노드 제거</translation>
    </message>
    <message>
        <source>Change its primary</source>
        <translation>프라이머리 변경</translation>
    </message>
    <message>
        <source>Fail over</source>
        <translation>페일오버</translation>
    </message>
    <message>
        <source>Fail over with FORCE</source>
        <translation>FORCE로 페일오버</translation>
    </message>
    <message>
        <source>Take over without a vote</source>
        <translation>투표 없이 넘겨받기</translation>
    </message>
    <message>
        <source>Fail over 1 shard</source>
        <translation>샤드 1개 페일오버</translation>
    </message>
    <message>
        <source>Fail over %1 shards</source>
        <translation>샤드 %1개 페일오버</translation>
    </message>
    <message>
        <source>Delete orphan keys</source>
        <translation>고아 키 삭제</translation>
    </message>
    <message>
        <source>Move orphan keys</source>
        <translation>고아 키 이동</translation>
    </message>
    <message>
        <source>Fix the slots</source>
        <translation>슬롯 수리</translation>
    </message>
    <message>
        <source>Forget the node</source>
        <translation>노드 잊기</translation>
    </message>
    <message>
        <source>Reset the node (HARD)</source>
        <translation>노드 하드 초기화</translation>
    </message>
    <message>
        <source>Reset the node</source>
        <translation>노드 초기화</translation>
    </message>
    <message>
        <source>Introduce the node</source>
        <translation>노드 소개</translation>
    </message>
    <message>
        <source>Set it</source>
        <translation>설정</translation>
    </message>
    <message>
        <source>Back up</source>
        <translation>백업</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>저장</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>되돌리기</translation>
    </message>
    <message>
        <source>Move 1 slot</source>
        <translation>슬롯 1개 이동</translation>
    </message>
    <message>
        <source>Move %1 slots</source>
        <translation>슬롯 %1개 이동</translation>
    </message>
    <message>
        <source>Start the drill</source>
        <translation>훈련 시작</translation>
    </message>
</context>
<context>
    <name>slotscope::AddPlotDialog</name>
    <message>
        <source>As it is</source>
        <translation>값 그대로</translation>
    </message>
    <message>
        <source>Per second</source>
        <translation>초당</translation>
    </message>
    <message>
        <source>Reading INFO and CLUSTER INFO of all nodes…</source>
        <translation>모든 노드의 INFO와 CLUSTER INFO를 읽는 중…</translation>
    </message>
    <message>
        <source>Add plot</source>
        <translation>그래프 추가</translation>
    </message>
    <message>
        <source>Add a plot of a field of INFO</source>
        <translation>INFO 필드의 그래프 추가</translation>
    </message>
    <message>
        <source>Fields of INFO</source>
        <translation>INFO의 필드</translation>
    </message>
    <message>
        <source>Search fields…</source>
        <translation>필드 검색…</translation>
    </message>
    <message>
        <source>Search fields</source>
        <translation>필드 검색</translation>
    </message>
    <message>
        <source>Plot the value or its increase</source>
        <translation>값 또는 증가량 표시</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>닫기</translation>
    </message>
    <message>
        <source>The fields could not be read: %1</source>
        <translation>필드를 읽지 못했습니다: %1</translation>
    </message>
    <message>
        <source>%1 has this plot already.</source>
        <translation>%1의 이 그래프는 이미 있습니다.</translation>
    </message>
    <message>
        <source>Values are of one node that reports the field. Recording begins when the plot is added.</source>
        <translation>값은 이 필드를 보고하는 한 노드의 것입니다. 기록은 그래프를 추가할 때 시작됩니다.</translation>
    </message>
    <message>
        <source>At most %1 fields are recorded, for plots and thresholds together. Remove a plot in the menu “Plots…”, or a threshold.</source>
        <translation>그래프와 임계값을 합해 필드를 %1개까지 기록합니다. “그래프…” 메뉴에서 그래프를 제거하거나 임계값을 제거하십시오.</translation>
    </message>
</context>
<context>
    <name>slotscope::AddressDialog</name>
    <message>
        <source>Addresses of %1</source>
        <translation>%1의 주소</translation>
    </message>
    <message>
        <source>Addresses of the nodes</source>
        <translation>노드 주소</translation>
    </message>
    <message>
        <source>Nodes announce addresses that may not be reachable from here: behind NAT, in containers, through a tunnel. Map such a node to the address at which it is reached from here.</source>
        <translation>노드가 서로 알리는 주소는 NAT 뒤, 컨테이너, 터널에서는 여기서 쓸 수 없을 수 있습니다. 그런 노드는 알린 주소에 여기서 어떻게 접속하는지 지정하세요.</translation>
    </message>
    <message>
        <source>Which node</source>
        <translation>어느 노드</translation>
    </message>
    <message>
        <source>HOST:PORT as reachable from here</source>
        <translation>여기서 접속하는 HOST:PORT</translation>
    </message>
    <message>
        <source>Reached at</source>
        <translation>접속 주소</translation>
    </message>
    <message>
        <source>&amp;Try</source>
        <translation>시도(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Map</source>
        <translation>맵에 추가(&amp;M)</translation>
    </message>
    <message>
        <source>&amp;Remove from the map</source>
        <translation>맵에서 제거(&amp;R)</translation>
    </message>
    <message>
        <source>Reach</source>
        <translation>노드</translation>
    </message>
    <message>
        <source>at</source>
        <translation>접속 주소</translation>
    </message>
    <message>
        <source>Test &amp;all</source>
        <translation>모두 테스트(&amp;A)</translation>
    </message>
    <message>
        <source>Connects to each address and shows which node answers there</source>
        <translation>각 주소에 새로 연결해 누가 응답하는지 알려 줍니다</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>닫기</translation>
    </message>
    <message>
        <source>All connections go through %1.</source>
        <translation>모두 %1을(를) 거칩니다.</translation>
    </message>
    <message>
        <source>Connecting…</source>
        <translation>연결 중…</translation>
    </message>
    <message>
        <source>Choose a node above.</source>
        <translation>위에서 노드를 선택하세요.</translation>
    </message>
    <message>
        <source>testing…</source>
        <translation>시도 중…</translation>
    </message>
    <message>
        <source>Connects to the address and shows which node answers; sends the password only after the reply to a PING</source>
        <translation>그곳에 연결해 누가 응답하는지 알려 줍니다. PING에 응답한 뒤에만 비밀번호를 보냅니다</translation>
    </message>
</context>
<context>
    <name>slotscope::AddressModel</name>
    <message>
        <source>Node</source>
        <translation>노드</translation>
    </message>
    <message>
        <source>Announced</source>
        <translation>알린 주소</translation>
    </message>
    <message>
        <source>Reached at</source>
        <translation>접속 주소</translation>
    </message>
    <message>
        <source>Found through</source>
        <translation>찾은 방법</translation>
    </message>
    <message>
        <source>State</source>
        <translation>상태</translation>
    </message>
    <message>
        <source>testing…</source>
        <translation>시도 중…</translation>
    </message>
    <message>
        <source>no node announces it</source>
        <translation>이 주소를 알리는 노드 없음</translation>
    </message>
    <message>
        <source>answers</source>
        <translation>응답함</translation>
    </message>
    <message>
        <source>not tested</source>
        <translation>시도하지 않음</translation>
    </message>
    <message>
        <source>connecting</source>
        <translation>연결 중</translation>
    </message>
</context>
<context>
    <name>slotscope::AdviceView</name>
    <message>
        <source>Copy the command</source>
        <translation>명령 복사</translation>
    </message>
    <message>
        <source>Advice</source>
        <translation>권고</translation>
    </message>
    <message>
        <source>Nothing has been read yet.</source>
        <translation>아직 읽은 것이 없습니다.</translation>
    </message>
    <message>
        <source>No recommendations for the settings that were read.</source>
        <translation>읽은 내용에 대해 권고할 것이 없습니다.</translation>
    </message>
    <message>
        <source>1 recommendation</source>
        <translation>살펴볼 항목 1개</translation>
    </message>
    <message>
        <source>%1 recommendations</source>
        <translation>살펴볼 항목 %1개</translation>
    </message>
    <message>
        <source>Only %1 of %2 nodes returned their settings.</source>
        <translation>노드 %2개 중 %1개만 설정을 알려 주었습니다.</translation>
    </message>
    <message>
        <source>Show the setting</source>
        <translation>설정 보기</translation>
    </message>
    <message>
        <source>On every node that returned its settings.</source>
        <translation>설정을 알려 준 모든 노드에서.</translation>
    </message>
    <message>
        <source>On %1 and %2 more.</source>
        <translation>%1 외 %2개 노드에서.</translation>
    </message>
    <message>
        <source>On %1.</source>
        <translation>%1에서.</translation>
    </message>
    <message>
        <source>Not visible through the server: check on its machine</source>
        <translation>서버가 알려 주지 않는 것: 해당 서버에서 직접 확인하세요</translation>
    </message>
</context>
<context>
    <name>slotscope::Adviser</name>
    <message>
        <source>The default user has no password (requirepass)</source>
        <translation>기본 사용자에게 requirepass 비밀번호가 없습니다</translation>
    </message>
    <message>
        <source>If no ACL sets a password either, anyone on the machine can log in. The Users tab shows the permissions of the users.</source>
        <translation>ACL로도 설정하지 않았다면 그 서버에 있는 누구나 로그인할 수 있습니다. 사용자 탭에서 각 사용자의 권한을 볼 수 있습니다.</translation>
    </message>
    <message>
        <source>Everybody may use DEBUG</source>
        <translation>누구나 DEBUG를 사용할 수 있습니다</translation>
    </message>
    <message>
        <source>DEBUG can crash a server and change its data unnoticed.</source>
        <translation>DEBUG는 서버를 중단시키거나 내부 상태를 바꿀 수 있습니다.</translation>
    </message>
    <message>
        <source>Modules can be loaded over a connection</source>
        <translation>연결을 통해 모듈을 불러올 수 있습니다</translation>
    </message>
    <message>
        <source>MODULE LOAD runs arbitrary code on the machine.</source>
        <translation>MODULE LOAD는 서버에서 어떤 프로그램 코드든 실행합니다.</translation>
    </message>
    <message>
        <source>maxmemory sets no limit</source>
        <translation>maxmemory에 제한이 없습니다</translation>
    </message>
    <message>
        <source>When the memory of the machine is used up, the system kills the server or swaps it out.</source>
        <translation>메모리가 모두 소진되면 시스템이 서버를 종료하거나 스왑합니다.</translation>
    </message>
    <message>
        <source>Writes are refused when maxmemory is reached</source>
        <translation>maxmemory에 도달하면 쓰기가 거부됩니다</translation>
    </message>
    <message>
        <source>noeviction is right for data that must not be lost. A cache needs allkeys-lru or allkeys-lfu.</source>
        <translation>noeviction은 보존해야 하는 데이터에 적합합니다. 캐시에는 allkeys-lru나 allkeys-lfu가 적합합니다.</translation>
    </message>
    <message>
        <source>The server does not disable transparent huge pages</source>
        <translation>서버가 Transparent Huge Pages를 끄지 않습니다</translation>
    </message>
    <message>
        <source>If the system enables them, they make saves slow and increase memory use.</source>
        <translation>시스템에서 켜져 있으면 저장이 느려지고 메모리 사용량이 늘어납니다.</translation>
    </message>
    <message>
        <source>Much memory is lost to fragmentation</source>
        <translation>단편화로 메모리가 많이 낭비되고 있습니다</translation>
    </message>
    <message>
        <source>Fragmentation wastes more than half of the memory that the data needs. Active defragmentation frees it without a restart.</source>
        <translation>데이터에 필요한 양의 절반 이상이 추가로 낭비되고 있습니다. 활성 조각 모음을 사용하면 재시작 없이 회수할 수 있습니다.</translation>
    </message>
    <message>
        <source>maxmemory of the servers on %1 adds up to %2 of its %3</source>
        <translation>%1에 있는 서버들의 maxmemory 합계는 전체 %3 중 %2입니다</translation>
    </message>
    <message>
        <source>A save copies pages that change while it runs, and buffers are added: the system may kill a server.</source>
        <translation>저장하는 동안 변경된 부분이 복사되고 버퍼가 추가되므로 시스템이 서버를 종료할 수 있습니다.</translation>
    </message>
    <message>
        <source>Buffers are added to that: the system may kill a server.</source>
        <translation>버퍼가 추가되므로 시스템이 서버를 종료할 수 있습니다.</translation>
    </message>
    <message>
        <source>Persistence is off</source>
        <translation>디스크에 아무것도 보관되지 않습니다</translation>
    </message>
    <message>
        <source>Neither the append-only file nor saves are enabled: after a restart the node is empty, and a primary that restarts empty also empties its replicas. Right only for a pure cache.</source>
        <translation>AOF도 저장도 없습니다. 재시작하면 빈 상태로 시작하고, 빈 상태로 돌아온 프라이머리는 레플리카도 비웁니다. 순수 캐시라면 적합합니다.</translation>
    </message>
    <message>
        <source>The system decides when the append-only file is flushed</source>
        <translation>AOF가 시스템이 원할 때만 디스크에 기록됩니다</translation>
    </message>
    <message>
        <source>Half a minute of writes may be lost when the machine stops.</source>
        <translation>서버가 멈추면 약 30초 동안의 쓰기가 손실될 수 있습니다.</translation>
    </message>
    <message>
        <source>Writes continue after a failed save</source>
        <translation>저장에 실패한 뒤에도 쓰기가 계속됩니다</translation>
    </message>
    <message>
        <source>A full or broken disk is then noticed only when the data is needed.</source>
        <translation>디스크가 가득 찼거나 고장난 사실을 데이터가 필요할 때에야 알게 됩니다.</translation>
    </message>
    <message>
        <source>requirepass is set, but masterauth is not</source>
        <translation>비밀번호가 있지만 복제용 비밀번호가 없습니다</translation>
    </message>
    <message>
        <source>After a failover this node cannot log in to its new primary, or the other nodes cannot log in to it: masterauth is empty although requirepass is set.</source>
        <translation>페일오버 후 이 노드가 새 프라이머리에 로그인할 수 없거나 다른 노드가 이 노드에 로그인할 수 없습니다. requirepass가 설정되어 있는데 masterauth가 비어 있습니다.</translation>
    </message>
    <message>
        <source>masterauth is not the password of the primary</source>
        <translation>masterauth가 프라이머리의 비밀번호와 다릅니다</translation>
    </message>
    <message>
        <source>If the replication link breaks, the replica cannot connect again.</source>
        <translation>복제 연결이 한번 끊어지면 다시 연결할 수 없습니다.</translation>
    </message>
    <message>
        <source>The replication backlog is 1 MB</source>
        <translation>복제 백로그가 1 MB입니다</translation>
    </message>
    <message>
        <source>A replica that misses more than 1 MB of writes while disconnected needs a full synchronization.</source>
        <translation>끊겨 있는 동안 1 MB를 넘는 변경이 기록되면 레플리카는 전체 복사가 필요합니다.</translation>
    </message>
    <message>
        <source>Replicas accept writes</source>
        <translation>레플리카가 쓰기를 받습니다</translation>
    </message>
    <message>
        <source>Data written to a replica is lost with its next full synchronization and never reaches the primary.</source>
        <translation>레플리카에 쓴 내용은 다음 전체 복사 때 사라지며 프라이머리에는 전달되지 않습니다.</translation>
    </message>
    <message>
        <source>The nodes have different node timeouts</source>
        <translation>노드마다 노드 타임아웃이 다릅니다</translation>
    </message>
    <message>
        <source>The nodes mark each other as failed at different times: failovers come late or without reason.</source>
        <translation>서로를 장애로 판단하는 시점이 달라 페일오버가 늦어지거나 불필요하게 일어납니다.</translation>
    </message>
    <message>
        <source>The node timeout is very short</source>
        <translation>노드 타임아웃이 매우 짧습니다</translation>
    </message>
    <message>
        <source>A slow command or a save of a large node may look like a failure. The servers&apos; default is 15 s.</source>
        <translation>느린 명령이나 큰 노드의 저장이 장애로 보일 수 있습니다. 서버 기본값은 15초입니다.</translation>
    </message>
    <message>
        <source>One failed shard stops the whole cluster</source>
        <translation>샤드 하나가 중단되면 클러스터 전체가 멈춥니다</translation>
    </message>
    <message>
        <source>With cluster-require-full-coverage, all nodes refuse commands while any slot is not served. If it is off, the other shards keep working.</source>
        <translation>cluster-require-full-coverage가 켜져 있으면 서비스되지 않는 슬롯이 있는 동안 모든 노드가 명령을 거부합니다. no로 두면 다른 샤드는 계속 동작합니다.</translation>
    </message>
    <message>
        <source>Dead clients are never noticed</source>
        <translation>끊어진 클라이언트를 알아차리지 못합니다</translation>
    </message>
    <message>
        <source>Without tcp-keepalive and timeout, connections whose peer has vanished stay forever and count against maxclients.</source>
        <translation>tcp-keepalive와 timeout이 없으면 상대가 사라진 연결이 계속 남아 maxclients에 포함됩니다.</translation>
    </message>
    <message>
        <source>maxclients is below the default</source>
        <translation>연결할 수 있는 클라이언트 수가 평소보다 적습니다</translation>
    </message>
    <message>
        <source>A value below the default of 10,000 often means that the system&apos;s limit of open files is low: see the log of the server.</source>
        <translation>기본값 10,000보다 작다면 시스템의 열린 파일 제한이 낮은 경우가 많습니다. 서버 로그를 확인하세요.</translation>
    </message>
    <message>
        <source>The slow log is off</source>
        <translation>슬로우 로그가 꺼져 있습니다</translation>
    </message>
    <message>
        <source>Without the slow log, nobody can find out afterwards which command blocked the server.</source>
        <translation>슬로우 로그가 없으면 어떤 명령이 서버를 지연시켰는지 나중에 알 수 없습니다.</translation>
    </message>
    <message>
        <source>Latency events are not recorded</source>
        <translation>지연 이벤트가 기록되지 않습니다</translation>
    </message>
    <message>
        <source>LATENCY DOCTOR then has no data about forks, expiry and disks.</source>
        <translation>LATENCY DOCTOR가 포크, 만료, 디스크에 대해 알려 줄 내용이 없습니다.</translation>
    </message>
    <message>
        <source>Every change of a key is published as an event</source>
        <translation>키의 모든 변경이 Pub/Sub으로 알려집니다</translation>
    </message>
    <message>
        <source>This costs time with each write. Enable only the event classes that clients listen to.</source>
        <translation>쓰기마다 시간이 듭니다. 실제로 구독하는 종류만 지정하세요.</translation>
    </message>
    <message>
        <source>No password (requirepass), and protected mode is off</source>
        <translation>requirepass 비밀번호가 없고 보호 모드가 꺼져 있습니다</translation>
    </message>
    <message>
        <source>If no ACL restricts the user “default”, anyone who reaches the port can read, change and delete everything. The Users tab shows this.</source>
        <translation>ACL이 기본 사용자를 보호하지 않는다면 포트에 접근할 수 있는 누구나 모든 데이터를 읽고 변경하고 삭제할 수 있습니다. 사용자 탭에서 확인할 수 있습니다.</translation>
    </message>
</context>
<context>
    <name>slotscope::AnalysisDialog</name>
    <message>
        <source>Read how long each key was not used (with an LFU policy: how often)</source>
        <translation>각 키가 얼마나 오래 쓰이지 않았는지 묻기 (LFU 정책에서는 얼마나 자주 쓰였는지)</translation>
    </message>
    <message>
        <source>Read some strings of each namespace to test how well they compress</source>
        <translation>네임스페이스마다 문자열 몇 개를 읽어 줄어드는지 시험하기</translation>
    </message>
    <message>
        <source>Read lengths even if that marks keys as used (before Redis 7.2)</source>
        <translation>키가 쓰인 것처럼 보이게 되어도 길이 묻기 (7.2 이전 Redis)</translation>
    </message>
    <message>
        <source>Analyse</source>
        <translation>분석</translation>
    </message>
    <message>
        <source>Analyse keys</source>
        <translation>키 분석</translation>
    </message>
    <message>
        <source>all keys; session:* for some</source>
        <translation>모든 키; 일부는 session:*</translation>
    </message>
    <message>
        <source>all slots; 0-5460,7000 for some</source>
        <translation>모든 슬롯; 일부는 0-5460,7000</translation>
    </message>
    <message>
        <source>all types</source>
        <translation>모든 타입</translation>
    </message>
    <message>
        <source> ms</source>
        <translation> ms</translation>
    </message>
    <message>
        <source> s</source>
        <translation> 초</translation>
    </message>
    <message>
        <source>do not measure</source>
        <translation>보지 않음</translation>
    </message>
    <message>
        <source>Elements of a key that MEMORY USAGE samples: sizes of larger keys are estimates</source>
        <translation>MEMORY USAGE가 살펴보는 키의 원소 수: 더 큰 키의 크기는 추정치입니다</translation>
    </message>
    <message>
        <source>If a server takes longer for its keys, the next batch is smaller, and the server gets a pause</source>
        <translation>서버가 다음 키에 더 오래 걸리면 한 번에 더 적게 보내고 쉬게 합니다</translation>
    </message>
    <message>
        <source>Characters that divide names into namespaces; separate several by spaces</source>
        <translation>이름을 네임스페이스로 나누는 것; 여러 개는 공백으로 구분</translation>
    </message>
    <message>
        <source>Read from</source>
        <translation>읽을 곳</translation>
    </message>
    <message>
        <source>Name pattern</source>
        <translation>이름 패턴</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>유형</translation>
    </message>
    <message>
        <source>Slots</source>
        <translation>슬롯</translation>
    </message>
    <message>
        <source>Delimiters</source>
        <translation>구분자</translation>
    </message>
    <message>
        <source>Samples per key</source>
        <translation>키당 샘플</translation>
    </message>
    <message>
        <source>Busy time per batch</source>
        <translation>서버를 붙잡는 최대 시간</translation>
    </message>
    <message>
        <source>Slot load, measured for</source>
        <translation>먼저 볼 슬롯 작업</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <source>all primaries</source>
        <translation>모든 프라이머리</translation>
    </message>
    <message>
        <source>one replica of each shard</source>
        <translation>샤드마다 레플리카 하나</translation>
    </message>
    <message>
        <source>Write slots as numbers and ranges: 0-5460,7000</source>
        <translation>슬롯은 번호와 범위입니다: 0-5460,7000</translation>
    </message>
    <message>
        <source>Each key costs its node a share of a SCAN call and %1 short commands.</source>
        <translation>키마다 노드에 SCAN 일부와 짧은 명령 %1개가 듭니다.</translation>
    </message>
    <message>
        <source>≈ %1 keys on %2 nodes: a SCAN of all names and up to %3 short commands per key, pipelined; about %4 if the servers keep up. Nothing is changed, and if the server supports CLIENT NO-TOUCH, no key is marked as used.</source>
        <translation>노드 %2개의 키 ≈ %1개: 모든 이름의 SCAN과 키당 짧은 명령 최대 %3개를 파이프라인으로 보냅니다. 서버가 따라오면 약 %4 걸립니다. 아무것도 바뀌지 않으며, 서버가 지원하면(CLIENT NO-TOUCH) 키가 쓰인 것처럼 보이지 않습니다.</translation>
    </message>
    <message>
        <source>Database</source>
        <translation>데이터베이스</translation>
    </message>
    <message>
        <source>only %1 (replica, %2)</source>
        <translation>%1만 (레플리카, %2)</translation>
    </message>
    <message>
        <source>only %1 (primary, %2)</source>
        <translation>%1만 (프라이머리, %2)</translation>
    </message>
</context>
<context>
    <name>slotscope::AnalysisFeed</name>
    <message>
        <source>The connection closed during the analysis: there is no report.</source>
        <translation>연결이 끝나면서 분석도 끝났습니다. 보고서는 없습니다.</translation>
    </message>
</context>
<context>
    <name>slotscope::AnalysisFindings</name>
    <message>
        <source>Recommendations</source>
        <translation>할 만한 일</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>참고</translation>
    </message>
    <message>
        <source>Warning</source>
        <translation>경고</translation>
    </message>
    <message>
        <source>No rule found anything to recommend.</source>
        <translation>규칙이 찾는 것이 없습니다.</translation>
    </message>
</context>
<context>
    <name>slotscope::AnalysisPage</name>
    <message>
        <source>Open</source>
        <translation>열기</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>이어서 진행</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>일시 중지</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>일시 중지됨</translation>
    </message>
    <message>
        <source>Analysing</source>
        <translation>분석 중</translation>
    </message>
    <message>
        <source>Measuring the load of slots before reading the keys…</source>
        <translation>키를 묻기 전에 슬롯의 작업을 살펴보는 중…</translation>
    </message>
    <message>
        <source>Checking the estimates…</source>
        <translation>추정치를 확인하는 중…</translation>
    </message>
    <message>
        <source>%1 keys counted, %2 · %3 · %4</source>
        <translation>키 %1개 셈, %2 · %3 · %4</translation>
    </message>
    <message>
        <source>Report %1</source>
        <translation>보고서 %1</translation>
    </message>
    <message>
        <source>Not saved</source>
        <translation>저장되지 않음</translation>
    </message>
    <message>
        <source>Delete this report…</source>
        <translation>이 보고서 삭제…</translation>
    </message>
    <message>
        <source>There is no other report of this cluster yet</source>
        <translation>이 클러스터의 다른 보고서가 아직 없습니다</translation>
    </message>
    <message>
        <source>Analyse again…</source>
        <translation>다시 분석…</translation>
    </message>
    <message>
        <source>Analyse…</source>
        <translation>분석…</translation>
    </message>
    <message>
        <source>findings: %1, notes: %2</source>
        <translation>발견 %1, 참고 %2</translation>
    </message>
    <message>
        <source>and %1 more</source>
        <translation>외 %1개</translation>
    </message>
    <message>
        <source>The keys are being read</source>
        <translation>키를 읽는 중</translation>
    </message>
    <message>
        <source>The report appears when all keys are counted. If you stop earlier, it covers only the keys counted so far.</source>
        <translation>모두 세면 보고서가 표시됩니다. 중지하면 일부로 표시됩니다.</translation>
    </message>
    <message>
        <source>No report yet</source>
        <translation>아직 보고서가 없습니다</translation>
    </message>
    <message>
        <source>An analysis reads all keys, or those that you choose: types, memory by namespace, times to live, the biggest keys, and recommendations. Each key costs its node a share of a SCAN call and five or six short commands, paced so that no server is busy longer than you allow.</source>
        <translation>분석은 모든 키 또는 고른 키를 읽습니다: 타입, 네임스페이스별 메모리, TTL, 가장 큰 키, 할 만한 일. 키마다 노드에 SCAN 일부와 짧은 명령 대여섯 개가 들며, 허용한 시간보다 오래 서버를 붙잡지 않도록 조절합니다.</translation>
    </message>
    <message>
        <source>An analysis is running; its report would be lost.</source>
        <translation>분석이 진행 중이며, 보고서를 잃게 됩니다.</translation>
    </message>
    <message>
        <source>%1%2 in keys</source>
        <translation>키에 %1%2</translation>
    </message>
    <message>
        <source>%1 · %2%3 · %4 keys</source>
        <translation>%1 · %2%3 · 키 %4개</translation>
    </message>
    <message>
        <source>%1 of it in %2 keys whose size was estimated from a few elements. A second look at the biggest of them, with more elements, differed by %3 % (%4 keys).</source>
        <translation>그중 %1는 원소 몇 개만 살펴본 키 %2개에 있습니다. 가장 큰 것들을 더 많은 원소로 다시 물으니 %3 % 차이가 났습니다 (키 %4개).</translation>
    </message>
    <message>
        <source>in %1</source>
        <translation>소요 시간 %1</translation>
    </message>
    <message>
        <source>only with an LFU policy (OBJECT FREQ)</source>
        <translation>LFU 정책에서만 (OBJECT FREQ)</translation>
    </message>
    <message>
        <source>%1 kept per type</source>
        <translation>타입마다 %1개</translation>
    </message>
    <message>
        <source>Show its keys in the browser</source>
        <translation>브라우저에서 키 보기</translation>
    </message>
    <message>
        <source>Show its keys without a TTL…</source>
        <translation>TTL 없는 키 보기…</translation>
    </message>
    <message>
        <source>Analyse only this namespace…</source>
        <translation>이것만 분석…</translation>
    </message>
    <message>
        <source>HTML page…</source>
        <translation>HTML 페이지…</translation>
    </message>
    <message>
        <source>CSV…</source>
        <translation>CSV로…</translation>
    </message>
    <message>
        <source>JSON…</source>
        <translation>JSON으로…</translation>
    </message>
    <message>
        <source>Delete report</source>
        <translation>보고서 삭제</translation>
    </message>
    <message>
        <source>Delete this report? The keys of the cluster are not changed.</source>
        <translation>이 보고서를 삭제할까요? 클러스터의 키는 그대로 남습니다.</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>삭제</translation>
    </message>
    <message>
        <source>Analysis</source>
        <translation>분석</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>보고서</translation>
    </message>
    <message>
        <source>Compare…</source>
        <translation>비교…</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>진행률</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>중지</translation>
    </message>
    <message>
        <source>Map</source>
        <translation>맵</translation>
    </message>
    <message>
        <source>Bars</source>
        <translation>막대</translation>
    </message>
    <message>
        <source>View</source>
        <translation>형태</translation>
    </message>
    <message>
        <source>Memory by namespace</source>
        <translation>네임스페이스별 메모리</translation>
    </message>
    <message>
        <source>All namespaces</source>
        <translation>모든 네임스페이스</translation>
    </message>
    <message>
        <source>Click to open a namespace · right-click: browse, expire</source>
        <translation>클릭하면 네임스페이스를 엽니다 · 오른쪽 클릭: 찾아보기, 만료</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>메모리</translation>
    </message>
    <message>
        <source>Length</source>
        <translation>길이</translation>
    </message>
    <message>
        <source>Frequency</source>
        <translation>빈도</translation>
    </message>
    <message>
        <source>Biggest by</source>
        <translation>크기 기준</translation>
    </message>
    <message>
        <source>Biggest keys</source>
        <translation>가장 큰 키</translation>
    </message>
    <message>
        <source>Time to live</source>
        <translation>TTL</translation>
    </message>
    <message>
        <source>Recommendations</source>
        <translation>할 만한 일</translation>
    </message>
    <message>
        <source>file %1 of %2 · %3 of %4 · %5 keys</source>
        <translation>파일 %1/%2 · %3/%4 · 키 %5개</translation>
    </message>
    <message>
        <source>RDB files, one per shard</source>
        <translation>RDB 파일(샤드마다 하나)</translation>
    </message>
    <message>
        <source>RDB files (*.rdb);;All files (*)</source>
        <translation>RDB 파일 (*.rdb);;모든 파일 (*)</translation>
    </message>
    <message>
        <source>RDB files…</source>
        <translation>RDB 파일…</translation>
    </message>
    <message>
        <source>A report made from RDB files, one per shard, without any load on the servers</source>
        <translation>서버에 부하를 주지 않고 샤드별 RDB 파일로 만드는 보고서</translation>
    </message>
    <message>
        <source>share of keys · %1 have no TTL and take %2</source>
        <translation>키의 비율 · %1에는 TTL이 없고 %2를 차지합니다</translation>
    </message>
    <message>
        <source>%1 is not a readable report.</source>
        <translation>%1은(는) 읽을 수 있는 보고서가 아닙니다.</translation>
    </message>
    <message>
        <source>A report that is not saved</source>
        <translation>저장되지 않은 보고서</translation>
    </message>
    <message>
        <source>This report was made from RDB files: it is not known whether these keys are in the connected cluster.</source>
        <translation>이 보고서는 RDB 파일의 것입니다. 이 키들이 지금 열린 클러스터에 있는지는 알 수 없습니다.</translation>
    </message>
    <message>
        <source>OBJECT FREQ: logarithmic, 0 to 255, without a fixed interval</source>
        <translation>OBJECT FREQ: 로그 값 0~255, 측정 구간 없음</translation>
    </message>
    <message>
        <source>The most used keys within some seconds are found under Profiler, Hot keys</source>
        <translation>몇 초 동안 가장 많이 쓰인 키: 프로파일러, 핫 키</translation>
    </message>
    <message>
        <source>From HOTKEYS, if the servers have it (Redis 8.6), with its interval</source>
        <translation>서버에 HOTKEYS가 있으면(Redis 8.6) 그 측정 구간과 함께</translation>
    </message>
</context>
<context>
    <name>slotscope::AnalysisRun</name>
    <message>
        <source>CLUSTER SLOT-STATS needs Redis 8.2 or Valkey 8.0</source>
        <translation>CLUSTER SLOT-STATS는 Redis 8.2와 Valkey 8.0부터 있습니다</translation>
    </message>
    <message>
        <source>Lengths were not read: without CLIENT NO-TOUCH (Redis 7.2) that would mark the keys as used.</source>
        <translation>길이는 묻지 않았습니다. CLIENT NO-TOUCH(Redis 7.2) 없이는 키가 쓰인 것처럼 보이게 됩니다.</translation>
    </message>
    <message>
        <source>the cluster is not connected yet</source>
        <translation>클러스터가 아직 연결되지 않았습니다</translation>
    </message>
</context>
<context>
    <name>slotscope::Application</name>
    <message>
        <source>A different cluster</source>
        <translation>다른 클러스터</translation>
    </message>
    <message>
        <source>None of the nodes found here belongs to “%1”.</source>
        <translation>여기서 찾은 노드는 “%1” 작업의 노드가 아닙니다.</translation>
    </message>
    <message>
        <source>Its nodes were at %1.</source>
        <translation>작업의 노드 주소: %1.</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>설정</translation>
    </message>
    <message>
        <source>Connections and settings are not saved for the next start.</source>
        <translation>연결과 설정을 다음 실행을 위해 저장하지 못했습니다.</translation>
    </message>
    <message>
        <source>Standalone</source>
        <translation>단독 서버</translation>
    </message>
    <message>
        <source>Cluster, %1 + %2</source>
        <translation>클러스터, %1 + %2</translation>
    </message>
    <message>
        <source>The list of saved connections was damaged; the damaged file is kept as %1.</source>
        <translation>저장된 연결 목록이 손상되었습니다. %1(으)로 보관했습니다.</translation>
    </message>
    <message>
        <source>Reading the password of “%1” from the keychain…</source>
        <translation>키체인에서 “%1”의 비밀번호를 읽는 중…</translation>
    </message>
    <message>
        <source>“%1” was not removed: its password is still in the keychain.</source>
        <translation>“%1” 연결을 제거하지 못했습니다. 비밀번호가 아직 키체인에 있습니다.</translation>
    </message>
    <message>
        <source>“%1” was not removed.</source>
        <translation>“%1” 연결을 제거하지 못했습니다.</translation>
    </message>
    <message>
        <source>Saved connections</source>
        <translation>저장된 연결</translation>
    </message>
    <message>
        <source>“%1” was not saved.</source>
        <translation>“%1” 연결을 저장하지 못했습니다.</translation>
    </message>
    <message>
        <source>The entry of “%1” in the keychain was not changed.</source>
        <translation>키체인에 있는 “%1”의 정보는 그대로입니다.</translation>
    </message>
    <message>
        <source>“%1” was saved without its password.</source>
        <translation>“%1” 연결을 비밀번호 없이 저장했습니다.</translation>
    </message>
    <message>
        <source>The password of “%1” is still in the keychain.</source>
        <translation>“%1”의 비밀번호가 아직 키체인에 있습니다.</translation>
    </message>
    <message>
        <source>The settings were damaged</source>
        <translation>설정 파일이 손상되었습니다</translation>
    </message>
    <message>
        <source>The settings of the last start are used. The damaged file is kept as %1.</source>
        <translation>지난번 시작 때의 설정을 사용합니다. 손상된 파일은 %1에 보관했습니다.</translation>
    </message>
    <message>
        <source>The default settings are used. The damaged file is kept as %1.</source>
        <translation>기본 설정으로 시작합니다. 손상된 파일은 %1에 보관했습니다.</translation>
    </message>
    <message>
        <source>The settings are damaged</source>
        <translation>설정이 손상되었습니다</translation>
    </message>
    <message>
        <source>%1 cannot be read, and could not be moved aside: repair or remove it. Until then the default settings are used.</source>
        <translation>%1을(를) 읽을 수 없고 따로 옮기지도 못했습니다. 파일을 고치거나 지우십시오. 그때까지는 기본 설정을 사용합니다.</translation>
    </message>
    <message>
        <source>A link was not opened</source>
        <translation>링크를 열지 않았습니다</translation>
    </message>
    <message>
        <source>“%1” is exported without its password: %2</source>
        <translation>“%1”은(는) 비밀번호 없이 내보냅니다: %2</translation>
    </message>
    <message>
        <source>%1 connections are in %2.</source>
        <translation>연결 %1개를 %2에 썼습니다.</translation>
    </message>
    <message>
        <source>%1 was not written.</source>
        <translation>%1을(를) 쓰지 못했습니다.</translation>
    </message>
    <message>
        <source>The passwords of the file are not stored: you are asked for them.</source>
        <translation>파일의 비밀번호를 보관하지 못했습니다. 연결할 때 묻습니다.</translation>
    </message>
    <message>
        <source>A file wants to run a program</source>
        <translation>프로그램을 실행하려 합니다</translation>
    </message>
    <message>
        <source>Run it, now and later</source>
        <translation>지금과 앞으로 실행</translation>
    </message>
    <message>
        <source>The addresses of “%1” were not saved.</source>
        <translation>“%1”의 주소가 저장되지 않았습니다.</translation>
    </message>
    <message>
        <source>A file wants to send an environment variable</source>
        <translation>환경 변수를 보내려고 합니다</translation>
    </message>
    <message>
        <source>The file is %1. Agree only if you know the program and the address, and trust everyone who can write to the file. You are asked only once, and again if the command or the address changes.</source>
        <translation>파일은 %1입니다. 프로그램과 주소를 알고 있고 파일 작성자를 신뢰하는 경우에만 동의하세요. 한 번만 묻습니다. 명령이나 주소가 바뀌면 다시 묻습니다.</translation>
    </message>
    <message>
        <source>The file is %1. Agree only if you know the address and trust everyone who can write to the file. You are asked only once, and again if the variable or the address changes.</source>
        <translation>파일은 %1입니다. 주소를 알고 있고 파일 작성자를 신뢰하는 경우에만 동의하세요. 한 번만 묻습니다. 변수나 주소가 바뀌면 다시 묻습니다.</translation>
    </message>
    <message>
        <source>Send it, now and later</source>
        <translation>지금부터 계속 보내기</translation>
    </message>
    <message>
        <source>the environment variable %1 is not set</source>
        <translation>환경 변수 %1이(가) 설정되지 않았습니다</translation>
    </message>
    <message>
        <source>A file wants to run this program to get the password of “%1”:

%2

The output is sent to %3.</source>
        <translation>파일이 “%1”의 비밀번호를 얻으려고 이 프로그램을 실행하려 합니다:

%2

출력은 %3(으)로 보냅니다.</translation>
    </message>
    <message>
        <source>A file wants to send this environment variable as the password of “%1”:

%2

It is sent to %3.</source>
        <translation>파일이 이 환경 변수를 “%1”의 비밀번호로 보내려 합니다:

%2

%3(으)로 보냅니다.</translation>
    </message>
    <message>
        <source>To resume “%1” or to roll it back, connect to its nodes.</source>
        <translation>“%1”을(를) 다시 시작하거나 되돌리려면 그 노드에 연결하십시오.</translation>
    </message>
</context>
<context>
    <name>slotscope::AuditLog</name>
    <message>
        <source>no command was executed: a watched key had changed</source>
        <translation>실행되지 않았습니다. WATCH한 키가 바뀌었습니다</translation>
    </message>
    <message>
        <source>entries arrived faster than they could be written</source>
        <translation>쓸 수 있는 것보다 많이 들어왔습니다</translation>
    </message>
</context>
<context>
    <name>slotscope::AuditModel</name>
    <message>
        <source>Time</source>
        <translation>시간</translation>
    </message>
    <message>
        <source>Cluster</source>
        <translation>클러스터</translation>
    </message>
    <message>
        <source>Node</source>
        <translation>노드</translation>
    </message>
    <message>
        <source>User</source>
        <translation>사용자</translation>
    </message>
    <message>
        <source>From</source>
        <translation>보낸 곳</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>명령</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>결과</translation>
    </message>
    <message>
        <source>Took</source>
        <translation>소요 시간</translation>
    </message>
</context>
<context>
    <name>slotscope::AuditView</name>
    <message>
        <source>Problem with the log</source>
        <translation>로그의 문제</translation>
    </message>
    <message>
        <source>Selected entry</source>
        <translation>선택한 항목</translation>
    </message>
    <message>
        <source>Show older</source>
        <translation>이전 항목 보기</translation>
    </message>
    <message>
        <source>This cluster</source>
        <translation>이 클러스터</translation>
    </message>
    <message>
        <source>All</source>
        <translation>전체</translation>
    </message>
    <message>
        <source>Entries shown</source>
        <translation>표시할 항목</translation>
    </message>
    <message>
        <source>Period</source>
        <translation>언제부터</translation>
    </message>
    <message>
        <source>Any time</source>
        <translation>모든 시간</translation>
    </message>
    <message>
        <source>Last hour</source>
        <translation>지난 1시간</translation>
    </message>
    <message>
        <source>Last 24 hours</source>
        <translation>지난 24시간</translation>
    </message>
    <message>
        <source>Last 7 days</source>
        <translation>지난 7일</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>결과</translation>
    </message>
    <message>
        <source>Any result</source>
        <translation>모든 결과</translation>
    </message>
    <message>
        <source>Find a command, key, node, user…</source>
        <translation>명령, 키, 노드, 사용자 찾기…</translation>
    </message>
    <message>
        <source>Find in the audit log</source>
        <translation>감사 로그에서 찾기</translation>
    </message>
    <message>
        <source>CSV…</source>
        <translation>CSV로…</translation>
    </message>
    <message>
        <source>JSON lines…</source>
        <translation>JSON Lines로…</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>폴더 열기</translation>
    </message>
    <message>
        <source>Entries of the audit log</source>
        <translation>감사 로그의 항목</translation>
    </message>
    <message numerus="yes">
        <source>%n entry(s)</source>
        <translation>
            <numerusform>항목 %n개</numerusform>
        </translation>
    </message>
    <message>
        <source>the newest; older ones may exist</source>
        <translation>최신 항목이며 이전 항목이 더 있을 수 있음</translation>
    </message>
    <message numerus="yes">
        <source>%n line(s) could not be read</source>
        <translation>
            <numerusform>읽지 못한 줄 %n개</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing has been recorded</source>
        <translation>아무것도 기록되지 않습니다</translation>
    </message>
    <message>
        <source>No entry matches</source>
        <translation>맞는 항목이 없습니다</translation>
    </message>
    <message>
        <source>Commands that Slotscope sends to change this cluster are recorded here. “All” shows other clusters.</source>
        <translation>Slotscope가 이 클러스터에서 변경한 내용이 여기에 기록됩니다. “전체”를 누르면 다른 클러스터도 표시됩니다.</translation>
    </message>
    <message>
        <source>Commands that Slotscope sends to change servers are recorded here.</source>
        <translation>Slotscope가 서버에서 변경한 내용이 여기에 기록됩니다.</translation>
    </message>
    <message>
        <source>Recording is off: it is disabled in the settings.</source>
        <translation>지금은 아무것도 기록하지 않습니다. 설정에서 꺼져 있습니다.</translation>
    </message>
    <message>
        <source>Changes currently cannot be recorded. %1</source>
        <translation>지금 변경하는 내용을 기록할 수 없습니다. %1</translation>
    </message>
    <message>
        <source>A part of the log could not be read. %1</source>
        <translation>로그의 일부를 읽지 못했습니다. %1</translation>
    </message>
    <message>
        <source>Changes are not recorded</source>
        <translation>변경이 기록되지 않습니다</translation>
    </message>
    <message>
        <source>%1 could not be opened.</source>
        <translation>%1을(를) 열지 못했습니다.</translation>
    </message>
</context>
<context>
    <name>slotscope::AvroReader</name>
    <message>
        <source>this is not an Avro container file</source>
        <translation>Avro 컨테이너가 아닙니다</translation>
    </message>
    <message>
        <source>its schema is not JSON: %1</source>
        <translation>스키마가 JSON이 아닙니다: %1</translation>
    </message>
    <message>
        <source>a text of %1 byte(s)</source>
        <translation>%1바이트 텍스트</translation>
    </message>
    <message>
        <source>a block of %1 elements</source>
        <translation>요소 %1개의 블록</translation>
    </message>
    <message>
        <source>the sync marker between two blocks is wrong</source>
        <translation>두 블록 사이의 표시가 다릅니다</translation>
    </message>
    <message>
        <source>its codec %1 is not supported</source>
        <translation>코덱 %1은(는) 알 수 없습니다</translation>
    </message>
    <message>
        <source>byte %1 of a block: %2</source>
        <translation>블록의 %1번째 바이트: %2</translation>
    </message>
    <message>
        <source>%1 byte(s) at the end of a block are not used</source>
        <translation>블록에 %1바이트가 남았습니다</translation>
    </message>
    <message>
        <source>a type is missing in the schema</source>
        <translation>스키마의 유형이 정의되지 않았습니다</translation>
    </message>
    <message>
        <source>a type is missing in the schema, or nested without end</source>
        <translation>스키마의 유형이 정의되지 않았거나 끝이 없습니다</translation>
    </message>
    <message>
        <source>the schema refers to an unknown type “%1”</source>
        <translation>스키마에 정의되지 않은 유형 “%1”이(가) 있습니다</translation>
    </message>
    <message>
        <source>a type of the schema contains itself without end</source>
        <translation>스키마의 유형에 끝이 없습니다</translation>
    </message>
    <message>
        <source>a union has no branch %1</source>
        <translation>유니언에 분기 %1이(가) 없습니다</translation>
    </message>
    <message>
        <source>a record of the schema has no fields</source>
        <translation>스키마의 레코드에 필드가 없습니다</translation>
    </message>
    <message>
        <source>an enum has no symbol %1</source>
        <translation>열거형에 심볼 %1이(가) 없습니다</translation>
    </message>
</context>
<context>
    <name>slotscope::BigKeysModel</name>
    <message>
        <source>%1 B</source>
        <translation>%1 B</translation>
    </message>
    <message>
        <source>%1 fields</source>
        <translation>필드 %1개</translation>
    </message>
    <message>
        <source>%1 items</source>
        <translation>항목 %1개</translation>
    </message>
    <message>
        <source>%1 entries</source>
        <translation>엔트리 %1개</translation>
    </message>
    <message>
        <source>%1 members</source>
        <translation>멤버 %1개</translation>
    </message>
    <message>
        <source>none</source>
        <translation>없음</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>키</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>메모리</translation>
    </message>
    <message>
        <source>Frequency</source>
        <translation>빈도</translation>
    </message>
    <message>
        <source>Length</source>
        <translation>길이</translation>
    </message>
    <message>
        <source>TTL</source>
        <translation>TTL</translation>
    </message>
    <message>
        <source>Shard</source>
        <translation>샤드</translation>
    </message>
</context>
<context>
    <name>slotscope::BrowserPage</name>
    <message>
        <source>Browser</source>
        <translation>브라우저</translation>
    </message>
    <message>
        <source>Where to scan</source>
        <translation>스캔할 위치</translation>
    </message>
    <message>
        <source>Database</source>
        <translation>데이터베이스</translation>
    </message>
    <message>
        <source>Tree</source>
        <translation>트리</translation>
    </message>
    <message>
        <source>List</source>
        <translation>목록</translation>
    </message>
    <message>
        <source>Show as</source>
        <translation>보기 방식</translation>
    </message>
    <message>
        <source>New key…</source>
        <translation>새 키…</translation>
    </message>
    <message>
        <source>Import…</source>
        <translation>가져오기…</translation>
    </message>
    <message>
        <source>This connection is read-only.</source>
        <translation>읽기 전용 연결입니다.</translation>
    </message>
    <message>
        <source>Keys from an export file, or a file of commands</source>
        <translation>내보낸 파일 또는 명령 파일에서 키 가져오기</translation>
    </message>
    <message>
        <source>Ctrl+N</source>
        <translation>Ctrl+N</translation>
    </message>
    <message>
        <source>Scan all primaries</source>
        <translation>모든 프라이머리 스캔</translation>
    </message>
    <message>
        <source>Scan replicas</source>
        <translation>레플리카 스캔</translation>
    </message>
    <message>
        <source>Scan %1</source>
        <translation>%1 스캔</translation>
    </message>
    <message>
        <source>Scan the server</source>
        <translation>서버 스캔</translation>
    </message>
    <message>
        <source>Database %1</source>
        <translation>데이터베이스 %1</translation>
    </message>
    <message>
        <source>database %1 · type, TTL and memory are read for visible rows only</source>
        <translation>데이터베이스 %1 · 보이는 행의 유형, TTL, 메모리만 읽습니다</translation>
    </message>
    <message>
        <source>Values with unsaved changes are open in the browser.</source>
        <translation>브라우저에 저장하지 않은 값이 열려 있습니다.</translation>
    </message>
    <message>
        <source>Unsaved changes</source>
        <translation>저장하지 않은 변경 내용</translation>
    </message>
    <message>
        <source>Values with unsaved changes are open. Switching the database closes them.</source>
        <translation>저장하지 않은 값이 열려 있습니다. 데이터베이스를 바꾸면 닫힙니다.</translation>
    </message>
    <message>
        <source>Stay here</source>
        <translation>그대로 있기</translation>
    </message>
    <message>
        <source>Switch without saving</source>
        <translation>저장하지 않고 변경</translation>
    </message>
    <message>
        <source>New key</source>
        <translation>새 키</translation>
    </message>
    <message>
        <source>A key with that name exists: nothing was changed.</source>
        <translation>같은 이름의 키가 있어 아무것도 변경하지 않았습니다.</translation>
    </message>
    <message>
        <source>Open keys in the browser</source>
        <translation>브라우저에 열린 키</translation>
    </message>
    <message>
        <source>Find keys</source>
        <translation>키 찾기</translation>
    </message>
    <message>
        <source>The key was not created. %1</source>
        <translation>키를 만들지 못했습니다. %1</translation>
    </message>
    <message>
        <source>%1 (database %2)</source>
        <translation>%1 (데이터베이스 %2)</translation>
    </message>
    <message>
        <source>%1 · 1 key</source>
        <translation>%1 · 키 1개</translation>
    </message>
    <message>
        <source>%1 · %2 keys</source>
        <translation>%1 · 키 %2개</translation>
    </message>
    <message>
        <source>Name this database…</source>
        <translation>이 데이터베이스에 이름 붙이기…</translation>
    </message>
    <message>
        <source>Name database %1</source>
        <translation>데이터베이스 %1의 이름</translation>
    </message>
    <message>
        <source>Name to show here; empty: none. The server does not see it.</source>
        <translation>여기에 표시할 이름입니다. 비우면 이름이 없습니다. 서버에는 전달되지 않습니다.</translation>
    </message>
</context>
<context>
    <name>slotscope::BsonReader</name>
    <message>
        <source>a document of %1 byte(s) does not fit into the data</source>
        <translation>%1바이트 문서가 맞지 않습니다</translation>
    </message>
    <message>
        <source>The elements of an array are not numbered as usual in BSON.</source>
        <translation>배열의 번호가 일반적인 BSON 작성기와 다르게 매겨져 있습니다.</translation>
    </message>
    <message>
        <source>a document does not end at the length that it states</source>
        <translation>문서가 길이 값에 맞는 곳에서 끝나지 않습니다</translation>
    </message>
    <message>
        <source>a text of %1 byte(s)</source>
        <translation>%1바이트 텍스트</translation>
    </message>
    <message>
        <source>a text does not end with a zero byte</source>
        <translation>텍스트가 0 바이트로 끝나지 않습니다</translation>
    </message>
    <message>
        <source>an element has the unknown type %1</source>
        <translation>알 수 없는 유형 %1의 요소</translation>
    </message>
    <message>
        <source>a boolean has the value %1</source>
        <translation>값이 %1인 불리언</translation>
    </message>
    <message>
        <source>binary data of %1 byte(s)</source>
        <translation>%1바이트 바이너리 데이터</translation>
    </message>
</context>
<context>
    <name>slotscope::BsonWriter</name>
    <message>
        <source>the keys of a BSON document must be texts</source>
        <translation>BSON 문서의 키는 텍스트입니다</translation>
    </message>
    <message>
        <source>a BSON document holds at most 2 GB</source>
        <translation>BSON 문서는 최대 2 GB입니다</translation>
    </message>
    <message>
        <source>a name in BSON cannot contain a zero byte</source>
        <translation>BSON의 이름에는 0 바이트가 들어갈 수 없습니다</translation>
    </message>
    <message>
        <source>%1 does not fit into an int32; write {&quot;$long&quot;: %1} for an int64</source>
        <translation>%1은(는) int32가 아닙니다. int64는 {&quot;$long&quot;: %1}(으)로 쓰세요</translation>
    </message>
    <message>
        <source>%1 is not a number that a double can hold</source>
        <translation>%1은(는) double로 표현할 수 없는 숫자입니다</translation>
    </message>
    <message>
        <source>{&quot;$%1&quot;: …} does not accept “%2”</source>
        <translation>{&quot;$%1&quot;: …}에는 “%2”을(를) 쓸 수 없습니다</translation>
    </message>
    <message>
        <source>{&quot;$%1&quot;: …} needs %2 hex digits</source>
        <translation>{&quot;$%1&quot;: …}에는 16진수 %2자리를 씁니다</translation>
    </message>
    <message>
        <source>“%1” is not a decimal of at most 34 digits</source>
        <translation>“%1”은(는) 34자리 십진수가 아닙니다</translation>
    </message>
    <message>
        <source>BSON has no {&quot;$%1&quot;: …} of this form</source>
        <translation>BSON에 이런 형식의 {&quot;$%1&quot;: …}은(는) 없습니다</translation>
    </message>
</context>
<context>
    <name>slotscope::BulkStrip</name>
    <message>
        <source>Report…</source>
        <translation>보고서…</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>중지</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>진행률</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>닫기</translation>
    </message>
    <message>
        <source>%1 on %2?</source>
        <translation>%2에서 “%1” 작업을 실행할까요?</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>실행</translation>
    </message>
    <message>
        <source>Replace keys</source>
        <translation>키 바꾸기</translation>
    </message>
    <message>
        <source>Replace %1 keys that already exist?</source>
        <translation>이미 있는 키 %1개를 바꿀까요?</translation>
    </message>
    <message>
        <source>Their current values are lost and cannot be restored.</source>
        <translation>기존 값이 사라지며 되돌릴 수 없습니다.</translation>
    </message>
    <message>
        <source>Keep them</source>
        <translation>그대로 두기</translation>
    </message>
    <message>
        <source>Replace %1 keys</source>
        <translation>키 %1개 바꾸기</translation>
    </message>
    <message>
        <source>%1 of %2 keys</source>
        <translation>키 %2개 중 %1개</translation>
    </message>
    <message>
        <source>%1 keys</source>
        <translation>키 %1개</translation>
    </message>
    <message>
        <source>in %1</source>
        <translation>소요 시간 %1</translation>
    </message>
    <message>
        <source>%1 k/s</source>
        <translation>%1 k/s</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>일시 중지됨</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>중지됨</translation>
    </message>
    <message>
        <source>finished with failures</source>
        <translation>일부 실패로 종료됨</translation>
    </message>
    <message>
        <source>done</source>
        <translation>완료</translation>
    </message>
    <message>
        <source>%1 · %2</source>
        <translation>%1 · %2</translation>
    </message>
    <message>
        <source>%1 failed</source>
        <translation>실패 %1개</translation>
    </message>
    <message>
        <source>Replace %1…</source>
        <translation>%1개 바꾸기…</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>일시 중지</translation>
    </message>
    <message>
        <source>Report: %1</source>
        <translation>보고서: %1</translation>
    </message>
    <message>
        <source>%1 failed:</source>
        <translation>실패 %1개:</translation>
    </message>
    <message>
        <source>… and %1 more</source>
        <translation>… 외 %1개</translation>
    </message>
    <message>
        <source>Skipped, because they already exist:</source>
        <translation>이미 있어서 건너뜀:</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>다시 시작</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <comment>connection: job</comment>
        <translation>%1: %2</translation>
    </message>
</context>
<context>
    <name>slotscope::BytesField</name>
    <message>
        <source>with escapes: \xNN, \n, \&quot;, \\</source>
        <translation>이스케이프 사용: \xNN, \n, \&quot;, \\</translation>
    </message>
</context>
<context>
    <name>slotscope::CardPainter</name>
    <message>
        <source>known only to %1</source>
        <translation>%1만 알고 있음</translation>
    </message>
    <message>
        <source>unknown to 1 node</source>
        <translation>노드 1개가 모름</translation>
    </message>
    <message>
        <source>unknown to %1 nodes</source>
        <translation>노드 %1개가 모름</translation>
    </message>
    <message>
        <source>%1/s</source>
        <translation>%1/s</translation>
    </message>
    <message>
        <source>lag %1</source>
        <translation>지연 %1</translation>
    </message>
    <message>
        <source>No replica</source>
        <translation>레플리카 없음</translation>
    </message>
    <message>
        <source>commands/s</source>
        <translation>명령/초</translation>
    </message>
    <message>
        <source>%1 min · scale 0 to %2</source>
        <translation>%1분 · 눈금 0–%2</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>메모리</translation>
    </message>
    <message>
        <source>CPU</source>
        <translation>CPU</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1%</translation>
    </message>
    <message>
        <source>of a core</source>
        <translation>(코어 하나 기준)</translation>
    </message>
    <message>
        <source>Hit ratio</source>
        <translation>적중률</translation>
    </message>
    <message>
        <source>Clients</source>
        <translation>클라이언트</translation>
    </message>
    <message>
        <source>In · out per second</source>
        <translation>초당 수신 · 송신</translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1ms</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>키</translation>
    </message>
    <message>
        <source>Evicted</source>
        <translation>축출</translation>
    </message>
    <message>
        <source>per second</source>
        <translation>초당</translation>
    </message>
    <message>
        <source>Blocked clients</source>
        <translation>대기 중인 클라이언트</translation>
    </message>
    <message>
        <source>linked</source>
        <translation>연결됨</translation>
    </message>
    <message>
        <source>last reply within 1 s</source>
        <translation>1초 안에 응답</translation>
    </message>
    <message>
        <source>last reply %1 ago</source>
        <translation>%1 전에 응답</translation>
    </message>
    <message>
        <source>%1 commands/s · %2 · %3 clients</source>
        <translation>명령 %1개/초 · %2 · 클라이언트 %3개</translation>
    </message>
    <message>
        <source>Commands</source>
        <translation>명령</translation>
    </message>
    <message>
        <source>Reply time</source>
        <translation>응답 시간</translation>
    </message>
</context>
<context>
    <name>slotscope::CborReader</name>
    <message>
        <source>this first byte is not valid in CBOR</source>
        <translation>첫 바이트가 CBOR이 아닙니다</translation>
    </message>
    <message>
        <source>a chunk of a chunked text has another type</source>
        <translation>나뉜 텍스트의 일부가 다른 종류입니다</translation>
    </message>
    <message>
        <source>an array of %1 elements does not fit into the data</source>
        <translation>요소 %1개의 배열이 맞지 않습니다</translation>
    </message>
    <message>
        <source>a map of %1 members does not fit into the data</source>
        <translation>멤버 %1개의 맵이 맞지 않습니다</translation>
    </message>
    <message>
        <source>the last key of a map has no value</source>
        <translation>맵의 마지막 키에 값이 없습니다</translation>
    </message>
    <message>
        <source>a break outside of any open item</source>
        <translation>열린 것이 없는데 끝이 나왔습니다</translation>
    </message>
</context>
<context>
    <name>slotscope::CborWriter</name>
    <message>
        <source>“%1” is not an integer that can be encoded</source>
        <translation>“%1”은(는) 쓸 수 있는 정수가 아닙니다</translation>
    </message>
    <message>
        <source>%1 is not a number that a double can hold</source>
        <translation>%1은(는) double로 표현할 수 없는 숫자입니다</translation>
    </message>
    <message>
        <source>%1 is not a number that a half float can hold</source>
        <translation>%1은(는) 반정밀도 실수로 표현할 수 없습니다</translation>
    </message>
    <message>
        <source>{&quot;$map&quot;: …} needs pairs of key and value</source>
        <translation>{&quot;$map&quot;: …}에는 키와 값의 쌍을 씁니다</translation>
    </message>
    <message>
        <source>{&quot;$tag&quot;: [number, value]} needs an integer and a value</source>
        <translation>{&quot;$tag&quot;: [number, value]}에는 정수와 값을 씁니다</translation>
    </message>
    <message>
        <source>{&quot;$simple&quot;: …} needs 0 to 19 or 32 to 255</source>
        <translation>{&quot;$simple&quot;: …}에는 0~19 또는 32~255를 씁니다</translation>
    </message>
    <message>
        <source>“%1” is not a hex text</source>
        <translation>“%1”은(는) 16진수 텍스트가 아닙니다</translation>
    </message>
    <message>
        <source>{&quot;$float_bits&quot;: …} needs 4, 8 or 16 hex digits</source>
        <translation>{&quot;$float_bits&quot;: …}에는 16진수 4, 8 또는 16자리를 씁니다</translation>
    </message>
    <message>
        <source>CBOR has no {&quot;$%1&quot;: %2}</source>
        <translation>CBOR에 {&quot;$%1&quot;: %2}은(는) 없습니다</translation>
    </message>
</context>
<context>
    <name>slotscope::ChangesDialog</name>
    <message>
        <source>What happened to %1</source>
        <translation>%1에서 일어난 일</translation>
    </message>
    <message>
        <source>Filter…</source>
        <translation>필터…</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>필터</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>닫기</translation>
    </message>
    <message>
        <source>Show in Metrics</source>
        <translation>메트릭에서 보기</translation>
    </message>
    <message numerus="yes">
        <source>%n event(s), kept while the connection is open</source>
        <translation>
            <numerusform>이벤트 %n건, 연결이 열려 있는 동안 보관</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>slotscope::ChooseBackup</name>
    <message>
        <source>Choose…</source>
        <translation>선택…</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>폴더</translation>
    </message>
    <message>
        <source>Created if it does not exist. One RDB file per primary, and manifest.json with checksums and the topology. Files of an earlier backup are never overwritten.</source>
        <translation>없으면 만듭니다. 프라이머리마다 RDB 파일 하나와, 체크섬 및 토폴로지가 담긴 manifest.json을 저장합니다. 이전 백업 파일은 절대 덮어쓰지 않습니다.</translation>
    </message>
    <message>
        <source>Folder of the backup</source>
        <translation>백업 폴더</translation>
    </message>
    <message>
        <source>Choose a folder.</source>
        <translation>폴더를 선택하세요.</translation>
    </message>
</context>
<context>
    <name>slotscope::ChooseConfig</name>
    <message>
        <source>the previous value of each node: %1</source>
        <translation>이전 값: %1</translation>
    </message>
    <message>
        <source>Write it to the nodes&apos; configuration files too (CONFIG REWRITE)</source>
        <translation>노드의 설정 파일에도 기록(CONFIG REWRITE)</translation>
    </message>
    <message>
        <source>Setting</source>
        <translation>설정 항목</translation>
    </message>
    <message>
        <source>New value</source>
        <translation>새 값</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>보관</translation>
    </message>
    <message>
        <source>Nodes</source>
        <translation>노드</translation>
    </message>
    <message>
        <source>If none is chosen: all nodes.</source>
        <translation>선택하지 않음: 모든 노드.</translation>
    </message>
    <message>
        <source>(empty)</source>
        <translation>(비어 있음)</translation>
    </message>
    <message>
        <source>%1 on %2 nodes</source>
        <translation>노드 %2개에서 %1</translation>
    </message>
    <message>
        <source>%1 on %2</source>
        <translation>%2에서 %1</translation>
    </message>
    <message>
        <source>No node has this setting or shows it.</source>
        <translation>이 설정을 알거나 보여 주는 노드가 없습니다.</translation>
    </message>
    <message>
        <source>Now: %1</source>
        <translation>현재: %1</translation>
    </message>
    <message>
        <source>Enter the name of the setting.</source>
        <translation>설정 이름을 입력하세요.</translation>
    </message>
    <message>
        <source>Enter the new value.</source>
        <translation>새 값을 입력하세요.</translation>
    </message>
</context>
<context>
    <name>slotscope::ChooseCreate</name>
    <message>
        <source>Allow one or two primaries (no automatic failover)</source>
        <translation>프라이머리 1~2개 허용(자동 페일오버 없음)</translation>
    </message>
    <message>
        <source>Add nodes</source>
        <translation>노드 추가</translation>
    </message>
    <message>
        <source>Replicas</source>
        <translation>레플리카</translation>
    </message>
    <message>
        <source>For each primary, unless roles are set by hand.</source>
        <translation>역할을 직접 지정하지 않은 경우 프라이머리마다 둘 수입니다.</translation>
    </message>
    <message>
        <source>Primaries</source>
        <translation>프라이머리</translation>
    </message>
    <message>
        <source>Sign in</source>
        <translation>로그인</translation>
    </message>
    <message>
        <source>If the nodes require a password. All need the same one, also for connections to each other (masterauth).</source>
        <translation>노드에 비밀번호가 필요한 경우. 노드 사이(masterauth)를 포함해 모두 같아야 합니다.</translation>
    </message>
    <message>
        <source>Addresses of nodes to add</source>
        <translation>추가할 노드의 주소</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>추가</translation>
    </message>
    <message>
        <source>Take out</source>
        <translation>빼기</translation>
    </message>
    <message>
        <source>the default user</source>
        <translation>기본 사용자</translation>
    </message>
    <message>
        <source>User</source>
        <translation>사용자</translation>
    </message>
    <message>
        <source>password</source>
        <translation>비밀번호</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>비밀번호</translation>
    </message>
    <message>
        <source>Nodes of the cluster</source>
        <translation>클러스터의 노드</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>주소</translation>
    </message>
    <message>
        <source>Host or zone</source>
        <translation>호스트 또는 영역</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>역할</translation>
    </message>
    <message>
        <source>Replica of</source>
        <translation>복제 대상</translation>
    </message>
    <message>
        <source>Slots</source>
        <translation>슬롯</translation>
    </message>
    <message>
        <source>automatic</source>
        <translation>자동</translation>
    </message>
    <message>
        <source>primary</source>
        <translation>프라이머리</translation>
    </message>
    <message>
        <source>replica</source>
        <translation>레플리카</translation>
    </message>
    <message>
        <source>Role of %1</source>
        <translation>%1의 역할</translation>
    </message>
    <message>
        <source>Primary of %1</source>
        <translation>%1의 프라이머리</translation>
    </message>
    <message>
        <source>auto: primary</source>
        <translation>자동: 프라이머리</translation>
    </message>
    <message>
        <source>auto: replica</source>
        <translation>자동: 레플리카</translation>
    </message>
    <message>
        <source>“%1” is not host:port.</source>
        <translation>“%1”은(는) host:port 형식이 아닙니다.</translation>
    </message>
    <message>
        <source>The slots of %1 are not valid: write ranges such as 0-5460.</source>
        <translation>%1의 슬롯이 범위 형식이 아닙니다. 0-5460처럼 입력하세요.</translation>
    </message>
    <message>
        <source>Make %1 a primary by hand before giving it slots.</source>
        <translation>%1에 슬롯을 주려면 프라이머리로 직접 지정하세요.</translation>
    </message>
    <message>
        <source>Choose the primary of %1.</source>
        <translation>%1의 프라이머리를 선택하세요.</translation>
    </message>
    <message>
        <source>Add the nodes of the new cluster.</source>
        <translation>새 클러스터의 노드를 추가하세요.</translation>
    </message>
    <message>
        <source>host:port host:port-port …</source>
        <translation>호스트:포트 호스트:포트-포트 …</translation>
    </message>
    <message>
        <source>%1 is in the list twice: remove one.</source>
        <translation>%1이(가) 목록에 두 번 있습니다. 하나를 빼십시오.</translation>
    </message>
</context>
<context>
    <name>slotscope::ChooseDrill</name>
    <message>
        <source>One shard</source>
        <translation>샤드 하나</translation>
    </message>
    <message>
        <source>A whole host</source>
        <translation>호스트 전체</translation>
    </message>
    <message>
        <source>Failover</source>
        <translation>페일오버</translation>
    </message>
    <message>
        <source>CLIENT PAUSE</source>
        <translation>CLIENT PAUSE</translation>
    </message>
    <message>
        <source>DEBUG SLEEP</source>
        <translation>DEBUG SLEEP</translation>
    </message>
    <message>
        <source>Own commands</source>
        <translation>사용자 명령</translation>
    </message>
    <message>
        <source>Afterwards, restore the previous layout</source>
        <translation>끝난 뒤 이전 배치를 복원</translation>
    </message>
    <message>
        <source>What fails</source>
        <translation>제거할 대상</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>방법</translation>
    </message>
    <message>
        <source> s</source>
        <translation> 초</translation>
    </message>
    <message>
        <source>long enough</source>
        <translation>충분한 시간</translation>
    </message>
    <message>
        <source>What</source>
        <translation>사건</translation>
    </message>
    <message>
        <source>Primary</source>
        <translation>프라이머리</translation>
    </message>
    <message>
        <source>The shard whose primary is made unavailable.</source>
        <translation>프라이머리를 제거할 샤드입니다.</translation>
    </message>
    <message>
        <source>Host</source>
        <translation>호스트</translation>
    </message>
    <message>
        <source>All nodes on it are made unavailable at once.</source>
        <translation>그 호스트의 모든 노드가 한꺼번에 제거됩니다.</translation>
    </message>
    <message>
        <source>How</source>
        <translation>방법</translation>
    </message>
    <message>
        <source>For</source>
        <translation>시간</translation>
    </message>
    <message>
        <source>0: long enough for an election; for a pause, five seconds.</source>
        <translation>0: 선출에 충분한 시간. 일시 정지는 5초.</translation>
    </message>
    <message>
        <source>Stop with</source>
        <translation>중지 명령</translation>
    </message>
    <message>
        <source>Runs on this computer, without a shell. {host}, {port} and {id} are replaced by those of the node.</source>
        <translation>이 컴퓨터에서 셸 없이 실행합니다. {host}, {port}, {id}는 노드의 값으로 바뀝니다.</translation>
    </message>
    <message>
        <source>Start with</source>
        <translation>시작 명령</translation>
    </message>
    <message>
        <source>Runs at the end, even if the drill is stopped or fails.</source>
        <translation>끝에 실행하며, 훈련을 중지하거나 실패해도 실행합니다.</translation>
    </message>
    <message>
        <source>Afterwards</source>
        <translation>끝난 뒤</translation>
    </message>
    <message>
        <source>The gentlest method: a replica is told to take over. Nothing fails and nothing is lost; the drill measures what clients notice of a planned failover.</source>
        <translation>가장 부드러운 방법: 레플리카에게 넘겨받으라고 지시합니다. 장애도 손실도 없으며, 계획된 페일오버를 클라이언트가 어떻게 겪는지 측정합니다.</translation>
    </message>
    <message>
        <source>The server delays its clients. The cluster bus keeps working, so no replica takes over: this rehearses clients that wait. The pause cannot be ended early.</source>
        <translation>서버가 클라이언트를 붙잡아 둡니다. 클러스터 버스는 계속되므로 아무도 넘겨받지 않습니다. 기다리는 클라이언트를 연습합니다. 누구도 일찍 끝낼 수 없습니다.</translation>
    </message>
    <message>
        <source>▲ The whole server stalls, as if it hung. The other nodes notice it after the node timeout and elect a replica. The server must permit DEBUG.</source>
        <translation>▲ 멈춘 것처럼 서버 전체가 정지합니다. 다른 노드는 노드 타임아웃 뒤에 알아차리고 레플리카를 선출합니다. 서버가 DEBUG를 허용해야 합니다.</translation>
    </message>
    <message>
        <source>▲ A real outage: your command stops the server, and another one starts it again. A server without persistence comes back empty and copies everything.</source>
        <translation>▲ 실제와 같습니다: 사용자의 명령이 서버를 중지하고 다른 명령이 다시 시작합니다. 저장하지 않는 서버는 빈 상태로 돌아와 모든 것을 복사합니다.</translation>
    </message>
    <message>
        <source>Choose the shard whose primary is made unavailable.</source>
        <translation>프라이머리를 제거할 샤드를 선택하세요.</translation>
    </message>
    <message>
        <source>Choose the host that is made unavailable.</source>
        <translation>제거할 호스트를 선택하세요.</translation>
    </message>
    <message>
        <source>Enter both commands: one that stops the server, one that starts it.</source>
        <translation>서버를 중지하는 명령과 시작하는 명령을 모두 입력하세요.</translation>
    </message>
    <message>
        <source>A command is not valid: %1.</source>
        <translation>명령을 읽을 수 없습니다: %1.</translation>
    </message>
</context>
<context>
    <name>slotscope::ChooseFailover</name>
    <message>
        <source>Graceful</source>
        <translation>정상 전환</translation>
    </message>
    <message>
        <source>FORCE</source>
        <translation>FORCE</translation>
    </message>
    <message>
        <source>TAKEOVER</source>
        <translation>TAKEOVER</translation>
    </message>
    <message>
        <source>New primary</source>
        <translation>새 프라이머리</translation>
    </message>
    <message>
        <source>How</source>
        <translation>방법</translation>
    </message>
    <message>
        <source>The primary pauses writes until the replica has all of them, then hands over. Nothing is lost; clients see a pause of about a second and redirects. If it does not succeed within 5 s, the primary stays.</source>
        <translation>레플리카가 모든 쓰기를 받을 때까지 프라이머리가 쓰기를 멈춘 뒤 역할을 넘깁니다. 유실되는 데이터는 없으며 클라이언트는 약 1초간의 멈춤과 리다이렉트를 겪습니다. 5초 안에 성공하지 못하면 아무것도 바뀌지 않습니다.</translation>
    </message>
    <message>
        <source>▲ For a primary that does not answer. The replica asks the other primaries to vote without waiting for the old primary: writes that were not replicated are lost.</source>
        <translation>▲ 응답하지 않는 프라이머리에 사용합니다. 레플리카가 이전 프라이머리를 기다리지 않고 다른 프라이머리들에 투표를 요청합니다. 복제되지 않은 쓰기는 유실됩니다.</translation>
    </message>
    <message>
        <source>✕ The last resort when most primaries are gone. There is no vote; unreplicated writes are lost, and if the old primary still runs on the other side of a network partition, both accept writes until those of one side are discarded.</source>
        <translation>✕ 대부분의 프라이머리가 사라졌을 때의 마지막 수단입니다. 투표 없이 진행하며 복제되지 않은 쓰기는 유실됩니다. 이전 프라이머리가 네트워크 분리 너머에 살아 있으면 한쪽이 버려질 때까지 양쪽이 쓰기를 받습니다.</translation>
    </message>
    <message>
        <source>%1 takes over from %2, %3.</source>
        <translation>%2에서 %1을(를) 넘겨받습니다. %3.</translation>
    </message>
    <message>
        <source>Only replicas can take over.</source>
        <translation>레플리카만 넘겨받을 수 있습니다.</translation>
    </message>
    <message>
        <source>Choose the replica that becomes the primary.</source>
        <translation>프라이머리가 될 레플리카를 선택하세요.</translation>
    </message>
</context>
<context>
    <name>slotscope::ChooseFix</name>
    <message>
        <source>migrating: %1</source>
        <translation>송신: %1</translation>
    </message>
    <message>
        <source>importing: %1</source>
        <translation>수신: %1</translation>
    </message>
    <message>
        <source>claimed by %1</source>
        <translation>소유 주장: %1</translation>
    </message>
    <message>
        <source>uncovered</source>
        <translation>소유자 없음</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>이어서 진행</translation>
    </message>
    <message>
        <source>Roll back</source>
        <translation>되돌리기</translation>
    </message>
    <message>
        <source>A failed shard with a replica that answers: let it take over first</source>
        <translation>프라이머리가 죽고 레플리카가 살아 있는 샤드: 먼저 레플리카가 넘겨받게 합니다</translation>
    </message>
    <message>
        <source>Open slots</source>
        <translation>열린 슬롯</translation>
    </message>
    <message>
        <source>Failed shards</source>
        <translation>죽은 샤드</translation>
    </message>
    <message>
        <source>Searching for slots that need a fix…</source>
        <translation>수리가 필요한 슬롯을 찾는 중…</translation>
    </message>
    <message>
        <source>Slots to fix</source>
        <translation>문제가 되는 슬롯</translation>
    </message>
    <message>
        <source>Slots</source>
        <translation>슬롯</translation>
    </message>
    <message>
        <source>Owner by epoch</source>
        <translation>에포크 기준 소유자</translation>
    </message>
    <message>
        <source>Found</source>
        <translation>확인된 상태</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>키</translation>
    </message>
    <message>
        <source>What to do</source>
        <translation>수행할 작업</translation>
    </message>
    <message>
        <source>no node</source>
        <translation>없음</translation>
    </message>
    <message>
        <source>%1
epoch %2</source>
        <translation>%1
에포크 %2</translation>
    </message>
    <message>
        <source>none</source>
        <translation>없음</translation>
    </message>
    <message>
        <source>What to do with slots %1</source>
        <translation>슬롯 %1의 처리 방법</translation>
    </message>
    <message>
        <source>▲ choose</source>
        <translation>▲ 선택 필요</translation>
    </message>
    <message>
        <source>as planned</source>
        <translation>계획대로</translation>
    </message>
    <message>
        <source>continue</source>
        <translation>이어서 진행</translation>
    </message>
    <message>
        <source>roll back</source>
        <translation>되돌리기</translation>
    </message>
    <message>
        <source>set stable, then move keys to the owner</source>
        <translation>닫은 뒤 키를 되돌림</translation>
    </message>
    <message>
        <source>assign to %1</source>
        <translation>%1에 할당</translation>
    </message>
    <message>
        <source>✓ No slot is in migration, uncovered or claimed twice.</source>
        <translation>✓ 열리거나 소유자가 없거나 둘 이상이 주장하는 슬롯이 없습니다.</translation>
    </message>
    <message>
        <source>By direction</source>
        <translation>방향대로</translation>
    </message>
    <message>
        <source>By direction: the direction in which the slots were moving. If it is not clear, the plan is refused until you choose.</source>
        <translation>방향대로: 슬롯이 옮겨지던 방향입니다. 방향이 분명하지 않으면 고를 때까지 거절합니다.</translation>
    </message>
</context>
<context>
    <name>slotscope::ChooseJoin</name>
    <message>
        <source>Primary</source>
        <translation>프라이머리</translation>
    </message>
    <message>
        <source>Replica</source>
        <translation>레플리카</translation>
    </message>
    <message>
        <source>The primary with the fewest replicas</source>
        <translation>레플리카가 가장 적은 프라이머리</translation>
    </message>
    <message>
        <source>host:port</source>
        <translation>host:port</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>주소</translation>
    </message>
    <message>
        <source>Only introduces the node: it stays an empty primary. Refused if the node knows another cluster: MEET would merge the two permanently.</source>
        <translation>노드를 소개만 하며 빈 프라이머리로 남습니다. 다른 클러스터를 알고 있으면 거부합니다. MEET는 두 클러스터를 영구히 합치기 때문입니다.</translation>
    </message>
    <message>
        <source>As</source>
        <translation>역할</translation>
    </message>
    <message>
        <source>Replica of</source>
        <translation>복제 대상</translation>
    </message>
    <message>
        <source>Enter the address of the node.</source>
        <translation>노드의 주소를 입력하세요.</translation>
    </message>
    <message>
        <source>New shard</source>
        <translation>새 샤드</translation>
    </message>
    <message>
        <source>Give it its share of the slots in the same operation</source>
        <translation>같은 실행에서 슬롯을 나누어 줌</translation>
    </message>
    <message>
        <source>host:port host:port-port …</source>
        <translation>호스트:포트 호스트:포트-포트 …</translation>
    </message>
    <message>
        <source>An empty server in cluster mode that knows no other node; or several of them.</source>
        <translation>클러스터 모드로 실행 중이고 다른 노드를 모르는 빈 서버. 여러 개도 됩니다.</translation>
    </message>
    <message>
        <source>A new shard: the first address becomes its primary, the others its replicas.</source>
        <translation>새 샤드: 첫 주소가 프라이머리, 나머지가 레플리카가 됩니다.</translation>
    </message>
    <message>
        <source>Slots</source>
        <translation>슬롯</translation>
    </message>
    <message>
        <source>Otherwise the primary starts without slots: a rebalance can give it some later.</source>
        <translation>그렇지 않으면 프라이머리는 슬롯 없이 시작하고, 나중에 재조정으로 받습니다.</translation>
    </message>
    <message>
        <source>“%1” is not host:port.</source>
        <translation>“%1”은(는) 호스트:포트가 아닙니다.</translation>
    </message>
    <message>
        <source>%1 is in the list twice: remove one.</source>
        <translation>%1이(가) 목록에 두 번 있습니다. 하나를 빼십시오.</translation>
    </message>
</context>
<context>
    <name>slotscope::ChooseNode</name>
    <message>
        <source>Check again when the ban on its id has expired (a minute)</source>
        <translation>ID 차단이 끝나면(1분) 다시 확인</translation>
    </message>
    <message>
        <source>Soft</source>
        <translation>소프트</translation>
    </message>
    <message>
        <source>Hard</source>
        <translation>하드</translation>
    </message>
    <message>
        <source>Node</source>
        <translation>노드</translation>
    </message>
    <message>
        <source>The node leaves its cluster and forgets all other nodes. A node that owns slots or contains keys is refused.</source>
        <translation>클러스터를 떠나고 다른 모든 노드를 잊습니다. 슬롯이나 키가 있는 노드는 거부됩니다.</translation>
    </message>
    <message>
        <source>Every node is told to forget it, within the minute for which its id is banned. For nodes that are gone for good.</source>
        <translation>ID가 차단되는 1분 안에 모든 노드에 이 노드를 잊으라고 알립니다. 영구히 사라진 노드에 사용합니다.</translation>
    </message>
    <message>
        <source>How</source>
        <translation>방법</translation>
    </message>
    <message>
        <source>Soft keeps the node id and epoch. Hard gives it a new id and epoch 0, as if it had never been in the cluster.</source>
        <translation>소프트는 ID와 에포크를 유지합니다. 하드는 새 ID와 에포크 0을 부여해 처음 상태로 만듭니다.</translation>
    </message>
    <message>
        <source>Afterwards</source>
        <translation>이후</translation>
    </message>
    <message>
        <source>Choose the node.</source>
        <translation>노드를 선택하세요.</translation>
    </message>
</context>
<context>
    <name>slotscope::ChooseRebalance</name>
    <message>
        <source>Slots</source>
        <translation>슬롯</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>키</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>메모리</translation>
    </message>
    <message>
        <source>CPU</source>
        <translation>CPU</translation>
    </message>
    <message>
        <source>Include primaries without slots</source>
        <translation>슬롯이 없는 프라이머리도 포함</translation>
    </message>
    <message>
        <source> %</source>
        <translation> %</translation>
    </message>
    <message>
        <source>Balance by</source>
        <translation>균등화 기준</translation>
    </message>
    <message>
        <source>CPU needs CLUSTER SLOT-STATS (Redis 8.2, Valkey 8); without it, memory is estimated.</source>
        <translation>CPU에는 CLUSTER SLOT-STATS가 필요합니다(Redis 8.2, Valkey 8). 없으면 메모리는 추정합니다.</translation>
    </message>
    <message>
        <source>Threshold</source>
        <translation>임계값</translation>
    </message>
    <message>
        <source>Nothing is moved if no primary deviates by more than this.</source>
        <translation>이보다 크게 벗어난 프라이머리가 없으면 옮기지 않습니다.</translation>
    </message>
    <message>
        <source>Empty primaries</source>
        <translation>빈 프라이머리</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>가중치</translation>
    </message>
    <message>
        <source>A primary of weight 2 gets twice the share; weight 0 empties it.</source>
        <translation>가중치가 2인 프라이머리는 두 배의 몫을 받고, 0이면 비웁니다.</translation>
    </message>
    <message>
        <source>Primary</source>
        <translation>프라이머리</translation>
    </message>
    <message>
        <source>Slots now</source>
        <translation>현재 슬롯</translation>
    </message>
    <message>
        <source>Slots after</source>
        <translation>이후 슬롯</translation>
    </message>
    <message>
        <source>Weight</source>
        <translation>가중치</translation>
    </message>
    <message>
        <source>Weight of %1</source>
        <translation>%1의 가중치</translation>
    </message>
</context>
<context>
    <name>slotscope::ChooseRemove</name>
    <message>
        <source>Check again when the ban on its id has expired (a minute)</source>
        <translation>ID 차단이 끝나면(1분) 다시 확인</translation>
    </message>
    <message>
        <source>Node</source>
        <translation>노드</translation>
    </message>
    <message>
        <source>Its slots move away first, its replicas get another primary, all nodes forget it, and it is reset if it runs.</source>
        <translation>먼저 슬롯을 옮기고 레플리카에 다른 프라이머리를 지정한 다음, 모든 노드에서 이 노드를 제거하고 해당 노드를 초기화합니다.</translation>
    </message>
    <message>
        <source>Slots to</source>
        <translation>슬롯을 받을 노드</translation>
    </message>
    <message>
        <source>If none is chosen: to all other primaries in equal shares.</source>
        <translation>선택하지 않음: 다른 모든 프라이머리에 고르게.</translation>
    </message>
    <message>
        <source>Afterwards</source>
        <translation>이후</translation>
    </message>
    <message>
        <source>Choose the node to remove.</source>
        <translation>제거할 노드를 선택하세요.</translation>
    </message>
    <message>
        <source>Also remove</source>
        <translation>함께 사라진 노드</translation>
    </message>
    <message>
        <source>Nodes that do not answer and own no slots can be removed in the same operation.</source>
        <translation>응답하지 않고 슬롯이 없는 노드는 같은 실행에서 함께 제거할 수 있습니다.</translation>
    </message>
</context>
<context>
    <name>slotscope::ChooseReplicate</name>
    <message>
        <source>No node: it becomes an empty primary</source>
        <translation>없음: 빈 프라이머리가 됩니다</translation>
    </message>
    <message>
        <source>Node</source>
        <translation>노드</translation>
    </message>
    <message>
        <source>Nodes that own no slots: a primary with slots cannot become a replica.</source>
        <translation>슬롯이 없는 노드: 슬롯이 있는 프라이머리는 레플리카가 될 수 없습니다.</translation>
    </message>
    <message>
        <source>Replica of</source>
        <translation>복제 대상</translation>
    </message>
    <message>
        <source>A new primary means a full synchronization: it takes memory and network on both nodes, and the data of the replica is dropped first.</source>
        <translation>새 프라이머리를 지정하면 데이터를 전체 복사합니다. 양쪽의 메모리와 네트워크를 사용하며, 노드의 기존 데이터는 먼저 삭제됩니다.</translation>
    </message>
    <message>
        <source>Choose the node.</source>
        <translation>노드를 선택하세요.</translation>
    </message>
    <message>
        <source>Choose its primary.</source>
        <translation>복제할 대상을 선택하세요.</translation>
    </message>
</context>
<context>
    <name>slotscope::ChooseReshard</name>
    <message>
        <source>A number</source>
        <translation>개수</translation>
    </message>
    <message>
        <source>Ranges</source>
        <translation>범위</translation>
    </message>
    <message>
        <source>A hash tag</source>
        <translation>해시 태그</translation>
    </message>
    <message>
        <source>Everything</source>
        <translation>전체</translation>
    </message>
    <message>
        <source>How many slots</source>
        <translation>슬롯 개수</translation>
    </message>
    <message>
        <source>0-1023 5000</source>
        <translation>0-1023 5000</translation>
    </message>
    <message>
        <source>Slot ranges</source>
        <translation>슬롯 범위</translation>
    </message>
    <message>
        <source>user:{4711}</source>
        <translation>user:{4711}</translation>
    </message>
    <message>
        <source>Hash tag or key</source>
        <translation>해시 태그 또는 키</translation>
    </message>
    <message>
        <source>Slots</source>
        <translation>슬롯</translation>
    </message>
    <message>
        <source>Target</source>
        <translation>대상</translation>
    </message>
    <message>
        <source>To</source>
        <translation>대상</translation>
    </message>
    <message>
        <source>Sources</source>
        <translation>원본</translation>
    </message>
    <message>
        <source>From</source>
        <translation>원본</translation>
    </message>
    <message>
        <source>Taken from the sources in proportion to the slots that they own; whole ranges if possible.</source>
        <translation>원본이 소유한 비율에 따라 가져오며, 가능하면 범위를 통째로 옮깁니다.</translation>
    </message>
    <message>
        <source>Not valid slot ranges: write 0-1023 5000, numbers up to 16383.</source>
        <translation>슬롯 범위가 아닙니다. 0-1023 5000처럼 16383까지의 숫자로 입력하세요.</translation>
    </message>
    <message>
        <source>%1 slots. Separate ranges by spaces or commas.</source>
        <translation>슬롯 %1개. 범위 사이는 공백이나 쉼표로 구분합니다.</translation>
    </message>
    <message>
        <source>The slot of this key or tag; with {…}, only the part in the braces counts.</source>
        <translation>이 키 또는 태그의 슬롯입니다. {…}가 있으면 중괄호 안만 계산합니다.</translation>
    </message>
    <message>
        <source>Slot %1.</source>
        <translation>슬롯 %1.</translation>
    </message>
    <message>
        <source>All slots of the sources. Without a target they go to all other primaries in equal shares.</source>
        <translation>원본의 모든 슬롯입니다. 대상을 지정하지 않으면 다른 모든 프라이머리에 고르게 옮깁니다.</translation>
    </message>
    <message>
        <source>Choose the primaries whose slots are moved.</source>
        <translation>슬롯을 내줄 노드를 선택하세요.</translation>
    </message>
    <message>
        <source>If none is chosen: from every primary except the target.</source>
        <translation>선택하지 않음: 대상을 제외한 모든 프라이머리.</translation>
    </message>
    <message>
        <source>1 source chosen.</source>
        <translation>원본 1개를 선택했습니다.</translation>
    </message>
    <message>
        <source>%1 sources chosen.</source>
        <translation>원본 %1개를 선택했습니다.</translation>
    </message>
    <message>
        <source>Enter which slots to move.</source>
        <translation>옮길 슬롯을 지정하세요.</translation>
    </message>
    <message>
        <source>Enter a key or hash tag.</source>
        <translation>키 또는 해시 태그를 입력하세요.</translation>
    </message>
    <message>
        <source>Choose the primaries whose slots are moved away.</source>
        <translation>슬롯을 내보낼 노드를 선택하세요.</translation>
    </message>
    <message>
        <source>Choose the primary that takes the slots.</source>
        <translation>슬롯을 받을 프라이머리를 선택하세요.</translation>
    </message>
</context>
<context>
    <name>slotscope::ChooseRollBack</name>
    <message>
        <source>Every slot that was moved goes back to its previous owner, with its keys. A slot in the middle of its migration finishes that first, so that no key is missing at any moment.</source>
        <translation>옮긴 모든 슬롯을 키와 함께 원래 자리로 되돌립니다. 이동 중인 슬롯은 먼저 도착한 뒤 돌아오므로 어느 순간에도 사라지는 키가 없습니다.</translation>
    </message>
    <message>
        <source>The node that was added is removed again: its slots are moved away, every node forgets it, and it is reset.</source>
        <translation>추가한 노드를 다시 제거합니다. 슬롯을 비우고 모든 노드에서 제거한 뒤 초기화합니다.</translation>
    </message>
    <message>
        <source>The nodes that were primaries before become primaries again, one shard after another.</source>
        <translation>이전에 프라이머리였던 노드를 샤드 하나씩 다시 프라이머리로 되돌립니다.</translation>
    </message>
    <message>
        <source>Operation</source>
        <translation>작업</translation>
    </message>
    <message>
        <source>Started</source>
        <translation>실행</translation>
    </message>
    <message>
        <source>%1 from %2 back to %3</source>
        <translation>%1, %2에서 %3(으)로 되돌림</translation>
    </message>
    <message>
        <source>… and %1 more</source>
        <translation>… 외 %1개</translation>
    </message>
    <message>
        <source>Largest number</source>
        <translation>최대</translation>
    </message>
    <message>
        <source>As many slots as have moved: the plan shows them.</source>
        <translation>실제로 옮긴 만큼만 되돌립니다. 계획에서 확인할 수 있습니다.</translation>
    </message>
</context>
<context>
    <name>slotscope::ChooseRolling</name>
    <message>
        <source>Free a host or zone</source>
        <translation>호스트 또는 영역 비우기</translation>
    </message>
    <message>
        <source>Restore preferred primaries</source>
        <translation>선호 프라이머리 복원</translation>
    </message>
    <message>
        <source>Host or zone</source>
        <translation>호스트 또는 영역</translation>
    </message>
    <message>
        <source>Preferred primaries</source>
        <translation>선호 프라이머리</translation>
    </message>
    <message>
        <source>Purpose</source>
        <translation>목적</translation>
    </message>
    <message>
        <source>The shards follow one another, each is verified before the next one. Every failover is graceful.</source>
        <translation>샤드를 하나씩 진행하며 다음 샤드를 시작하기 전에 매번 확인합니다. 모든 페일오버는 정상 전환으로 합니다.</translation>
    </message>
    <message>
        <source>Host</source>
        <translation>호스트</translation>
    </message>
    <message>
        <source>Every primary on this host hands over to its best replica elsewhere.</source>
        <translation>이 호스트의 모든 프라이머리가 다른 곳의 가장 적합한 레플리카에 역할을 넘깁니다.</translation>
    </message>
    <message>
        <source>Primaries</source>
        <translation>프라이머리</translation>
    </message>
    <message>
        <source>Each of these nodes becomes the primary of its shard again if it is a replica now.</source>
        <translation>지금 레플리카인 경우 샤드의 프라이머리로 되돌립니다.</translation>
    </message>
    <message>
        <source>Enter the host to be freed.</source>
        <translation>비울 호스트를 입력하세요.</translation>
    </message>
    <message>
        <source>Choose the nodes that shall be primaries.</source>
        <translation>프라이머리로 둘 노드를 선택하세요.</translation>
    </message>
</context>
<context>
    <name>slotscope::ChooseSave</name>
    <message>
        <source>RDB (BGSAVE)</source>
        <translation>RDB(BGSAVE)</translation>
    </message>
    <message>
        <source>AOF (BGREWRITEAOF)</source>
        <translation>AOF(BGREWRITEAOF)</translation>
    </message>
    <message>
        <source>Primaries only</source>
        <translation>프라이머리만</translation>
    </message>
    <message>
        <source>What</source>
        <translation>내용</translation>
    </message>
    <message>
        <source>A child process writes the file; it may need as much extra memory as is changed in the meantime.</source>
        <translation>자식 프로세스가 기록하며, 그동안 변경되는 만큼 메모리를 더 사용할 수 있습니다.</translation>
    </message>
    <message>
        <source>Nodes</source>
        <translation>대상</translation>
    </message>
</context>
<context>
    <name>slotscope::ClientsModel</name>
    <message>
        <source>gone</source>
        <translation>사라짐</translation>
    </message>
    <message>
        <source>%1 of replies that it has not read</source>
        <translation>읽지 않은 응답 %1</translation>
    </message>
    <message>
        <source>selected</source>
        <translation>선택됨</translation>
    </message>
    <message>
        <source>not selected</source>
        <translation>선택 안 됨</translation>
    </message>
    <message>
        <source>Node</source>
        <translation>노드</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>주소</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>이름</translation>
    </message>
    <message>
        <source>User</source>
        <translation>사용자</translation>
    </message>
    <message>
        <source>Age</source>
        <translation>접속 시간</translation>
    </message>
    <message>
        <source>Idle</source>
        <translation>유휴</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>명령</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>메모리</translation>
    </message>
    <message>
        <source>Subs</source>
        <translation>구독</translation>
    </message>
    <message>
        <source>State</source>
        <translation>상태</translation>
    </message>
</context>
<context>
    <name>slotscope::ClientsPage</name>
    <message>
        <source>Nothing has been read yet</source>
        <translation>아직 읽은 내용이 없습니다</translation>
    </message>
    <message>
        <source>Clients appear as soon as the nodes answer.</source>
        <translation>노드가 응답하면 클라이언트가 표시됩니다.</translation>
    </message>
    <message>
        <source>This connection is read-only.</source>
        <translation>읽기 전용 연결입니다.</translation>
    </message>
    <message>
        <source>All nodes</source>
        <translation>모든 노드</translation>
    </message>
    <message>
        <source>not reported</source>
        <translation>알 수 없음</translation>
    </message>
    <message>
        <source>slotscope</source>
        <translation>slotscope</translation>
    </message>
    <message>
        <source>replication links</source>
        <translation>복제 링크</translation>
    </message>
    <message>
        <source>1 address</source>
        <translation>주소 1개</translation>
    </message>
    <message>
        <source>%1 addresses</source>
        <translation>주소 %1개</translation>
    </message>
    <message>
        <source>All</source>
        <translation>전체</translation>
    </message>
    <message>
        <source>1 more</source>
        <translation>외 1개</translation>
    </message>
    <message>
        <source>%1 more</source>
        <translation>외 %1개</translation>
    </message>
    <message>
        <source>the search finds their clients</source>
        <translation>해당 클라이언트는 검색으로 찾을 수 있습니다</translation>
    </message>
    <message>
        <source>1 node</source>
        <translation>노드 1개</translation>
    </message>
    <message>
        <source>%1 nodes</source>
        <translation>노드 %1개</translation>
    </message>
    <message>
        <source>%1 of %2 nodes</source>
        <translation>노드 %2개 중 %1개</translation>
    </message>
    <message>
        <source>%1 on %2</source>
        <translation>%2에서 %1개</translation>
    </message>
    <message>
        <source>%1 blocked</source>
        <translation>블록됨 %1개</translation>
    </message>
    <message>
        <source>%1 of buffers</source>
        <translation>버퍼 %1</translation>
    </message>
    <message>
        <source>read at %1</source>
        <translation>%1에 읽음</translation>
    </message>
    <message>
        <source>1 client</source>
        <translation>클라이언트 1개</translation>
    </message>
    <message>
        <source>%1 clients</source>
        <translation>클라이언트 %1개</translation>
    </message>
    <message>
        <source>%1 still delays %2 for %3 (CLIENT PAUSE).</source>
        <translation>%1에서 %2을(를) %3 더 보류합니다(CLIENT PAUSE).</translation>
    </message>
    <message>
        <source>write commands</source>
        <translation>쓰기 명령</translation>
    </message>
    <message>
        <source>all commands</source>
        <translation>모든 명령</translation>
    </message>
    <message>
        <source>%1 does not list its clients: the user lacks %2.</source>
        <translation>%1의 클라이언트 목록을 볼 수 없습니다. 사용자에게 %2 권한이 없습니다.</translation>
    </message>
    <message>
        <source>%1 of replies are waiting on the servers: %2 did not read them.</source>
        <translation>서버에 응답 %1이(가) 쌓여 있습니다. 읽지 않은 쪽: %2.</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>Select 1 shown</source>
        <translation>이 1개 선택</translation>
    </message>
    <message>
        <source>Select %1 shown</source>
        <translation>이 %1개 선택</translation>
    </message>
    <message>
        <source>1 client selected</source>
        <translation>클라이언트 1개 선택됨</translation>
    </message>
    <message>
        <source>%1 clients selected</source>
        <translation>클라이언트 %1개 선택됨</translation>
    </message>
    <message>
        <source>on 1 node</source>
        <translation>노드 1개</translation>
    </message>
    <message>
        <source>on %1 nodes</source>
        <translation>노드 %1개</translation>
    </message>
    <message>
        <source>all of %1</source>
        <translation>모두 %1</translation>
    </message>
    <message>
        <source>%1 of unread replies are lost</source>
        <translation>응답 %1, 종료하면 사라짐</translation>
    </message>
    <message>
        <source>Kill %1…</source>
        <translation>%1개 종료…</translation>
    </message>
    <message>
        <source>Select all</source>
        <translation>모두 선택</translation>
    </message>
    <message>
        <source>Select none</source>
        <translation>선택 해제</translation>
    </message>
    <message>
        <source>and 1 more address</source>
        <translation>외 주소 1개</translation>
    </message>
    <message>
        <source>and %1 more addresses</source>
        <translation>외 주소 %1개</translation>
    </message>
    <message>
        <source>Kill</source>
        <translation>종료</translation>
    </message>
    <message>
        <source>Close the connection of 1 client?</source>
        <translation>클라이언트 1개의 연결을 끊을까요?</translation>
    </message>
    <message>
        <source>Close the connections of %1 clients?</source>
        <translation>클라이언트 %1개의 연결을 끊을까요?</translation>
    </message>
    <message>
        <source>%1 is marked as production.</source>
        <translation>%1은(는) 프로덕션으로 표시되어 있습니다.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <source>Kill %1</source>
        <translation>%1개 종료</translation>
    </message>
    <message>
        <source>There is no connection.</source>
        <translation>연결이 없습니다.</translation>
    </message>
    <message>
        <source> It needs %1.</source>
        <translation> 필요한 권한: %1.</translation>
    </message>
    <message>
        <source>%1 of %2 clients were killed.</source>
        <translation>클라이언트 %2개 중 %1개를 종료했습니다.</translation>
    </message>
    <message>
        <source>1 had already left.</source>
        <translation>1개는 이미 없었습니다.</translation>
    </message>
    <message>
        <source>%1 had already left.</source>
        <translation>%1개는 이미 없었습니다.</translation>
    </message>
    <message>
        <source>The pause was ended.</source>
        <translation>일시 중지를 해제했습니다.</translation>
    </message>
    <message>
        <source>Clients as CSV…</source>
        <translation>클라이언트를 CSV로…</translation>
    </message>
    <message>
        <source>Clients as JSON…</source>
        <translation>클라이언트를 JSON으로…</translation>
    </message>
    <message>
        <source>Toggle selection</source>
        <translation>선택 전환</translation>
    </message>
    <message>
        <source>Copy the address</source>
        <translation>주소 복사</translation>
    </message>
    <message>
        <source>Show the node in Topology</source>
        <translation>토폴로지에서 노드 보기</translation>
    </message>
    <message>
        <source>Kill…</source>
        <translation>종료…</translation>
    </message>
    <message>
        <source>Clients</source>
        <translation>클라이언트</translation>
    </message>
    <message>
        <source>Address, name, user, command</source>
        <translation>주소, 이름, 명령</translation>
    </message>
    <message>
        <source>Idle</source>
        <translation>유휴</translation>
    </message>
    <message>
        <source>Idle: any</source>
        <translation>유휴: 전체</translation>
    </message>
    <message>
        <source>Idle ≥ 1 min</source>
        <translation>유휴 ≥ 1분</translation>
    </message>
    <message>
        <source>Idle ≥ 10 min</source>
        <translation>유휴 ≥ 10분</translation>
    </message>
    <message>
        <source>Idle ≥ 1 h</source>
        <translation>유휴 ≥ 1시간</translation>
    </message>
    <message>
        <source>Node</source>
        <translation>노드</translation>
    </message>
    <message>
        <source>Refresh</source>
        <translation>새로 고침</translation>
    </message>
    <message>
        <source>Every 2 s</source>
        <translation>2초마다</translation>
    </message>
    <message>
        <source>Every 10 s</source>
        <translation>10초마다</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>일시 중지됨</translation>
    </message>
    <message>
        <source>End the pause…</source>
        <translation>일시 중지 해제…</translation>
    </message>
    <message>
        <source>Library</source>
        <translation>라이브러리</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>주소</translation>
    </message>
    <message>
        <source>User</source>
        <translation>사용자</translation>
    </message>
    <message>
        <source>Group by</source>
        <translation>그룹 기준</translation>
    </message>
    <message>
        <source>Client groups</source>
        <translation>클라이언트 그룹</translation>
    </message>
    <message>
        <source>Show all</source>
        <translation>모두 보기</translation>
    </message>
    <message>
        <source>All clients shown, except Slotscope&apos;s own and replication links (Ctrl+A)</source>
        <translation>표시된 모든 항목; Slotscope 자신과 복제 링크는 제외(Ctrl+A)</translation>
    </message>
    <message>
        <source>Copy as commands</source>
        <translation>명령으로 복사</translation>
    </message>
    <message>
        <source>Find a client</source>
        <translation>클라이언트 찾기</translation>
    </message>
    <message>
        <source>%1, id %2</source>
        <translation>%1, ID %2</translation>
    </message>
    <message>
        <source>%2

Connected to %1. The node and id identify a client: one that has already left is not confused with another. Most clients reconnect at once.</source>
        <translation>%2

연결된 곳: %1. 그사이 나간 클라이언트를 다른 클라이언트로 착각하지 않습니다. 대부분의 클라이언트는 곧바로 다시 연결합니다.</translation>
    </message>
    <message>
        <source>Pause, or read on</source>
        <translation>일시 중지 또는 계속 읽기</translation>
    </message>
    <message>
        <source>Kill the selected clients…</source>
        <translation>선택한 클라이언트 종료…</translation>
    </message>
    <message>
        <source>1 more node</source>
        <translation>외 노드 1개</translation>
    </message>
    <message>
        <source>%1 more nodes</source>
        <translation>외 노드 %1개</translation>
    </message>
    <message>
        <source>%1 of %2 clients were killed: %3.</source>
        <translation>클라이언트 %2개 중 %1개를 종료했습니다: %3.</translation>
    </message>
    <message>
        <source>1 client was killed, confirmed by its node: %2.</source>
        <translation>클라이언트 1개를 종료했습니다. 확인한 노드: %2.</translation>
    </message>
    <message>
        <source>%1 clients were killed, confirmed by their nodes: %2.</source>
        <translation>클라이언트 %1개를 종료했습니다. 확인한 노드: %2.</translation>
    </message>
</context>
<context>
    <name>slotscope::ClientsReader</name>
    <message>
        <source>this node is not known</source>
        <translation>그런 노드를 알지 못합니다</translation>
    </message>
</context>
<context>
    <name>slotscope::ClosingQuestion</name>
    <message>
        <source>Keep running</source>
        <translation>계속 실행</translation>
    </message>
    <message>
        <source>Stop, then quit</source>
        <translation>중지하고 종료</translation>
    </message>
    <message>
        <source>Quit now</source>
        <translation>지금 종료</translation>
    </message>
    <message>
        <source>Quit Slotscope</source>
        <translation>Slotscope 종료</translation>
    </message>
    <message>
        <source>Finishing the current step…</source>
        <translation>진행 중인 단계를 마치는 중…</translation>
    </message>
    <message numerus="yes">
        <source>%n operation(s) still running</source>
        <translation>
            <numerusform>작업 %n개가 아직 실행 중입니다</numerusform>
        </translation>
    </message>
    <message>
        <source>Slotscope quits as soon as no slot is in migration. “Quit now” leaves slots in migration: clients still reach their keys, and the next start offers to resume.</source>
        <translation>클러스터가 온전해지면 바로 Slotscope를 종료합니다. “지금 종료”를 선택하면 슬롯이 열린 채로 남습니다. 클라이언트는 계속 키에 접근할 수 있으며, 다음에 시작할 때 이어서 진행할 수 있습니다.</translation>
    </message>
    <message>
        <source>“Stop, then quit” finishes the current step first, so that no slot stays in migration. “Quit now” leaves it unfinished; either way the next start offers to resume. (A demo ends with Slotscope.)</source>
        <translation>“중지하고 종료”는 진행 중인 단계를 먼저 마쳐 클러스터를 온전하게 합니다. “지금 종료”는 열린 채로 둡니다. 어느 쪽이든 다음에 시작할 때 이어서 진행할 수 있습니다. (데모는 Slotscope와 함께 끝납니다.)</translation>
    </message>
    <message>
        <source>No operation is running any more</source>
        <translation>이제 실행 중인 작업이 없습니다</translation>
    </message>
    <message>
        <source>All operations have finished; their results are on the Operations page.</source>
        <translation>그사이 실행이 끝났습니다. 결과는 작업 페이지에 있습니다.</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>종료</translation>
    </message>
    <message>
        <source>Stay</source>
        <translation>계속 사용</translation>
    </message>
</context>
<context>
    <name>slotscope::ClusterSession</name>
    <message>
        <source>the cluster is not connected yet</source>
        <translation>클러스터가 아직 연결되지 않았습니다</translation>
    </message>
    <message>
        <source>no node matches “%1”: give a node id, the start of one, or HOST:PORT</source>
        <translation>“%1” 노드가 없습니다. ID, ID의 앞부분 또는 HOST:PORT를 입력하세요</translation>
    </message>
    <message>
        <source>“%1” is the start of %2 node ids: give more characters</source>
        <translation>“%1”(으)로 시작하는 노드 ID가 %2개입니다. 더 길게 입력하세요</translation>
    </message>
    <message>
        <source>this connection does not use Sentinel</source>
        <translation>이 연결은 Sentinel을 거치지 않습니다</translation>
    </message>
</context>
<context>
    <name>slotscope::CollectionEditor</name>
    <message>
        <source>Copy the field&apos;s name</source>
        <translation>필드 이름 복사</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>복사</translation>
    </message>
    <message>
        <source>Copy the value</source>
        <translation>값 복사</translation>
    </message>
    <message>
        <source>Copy the score</source>
        <translation>점수 복사</translation>
    </message>
    <message>
        <source>Edit the value…</source>
        <translation>값 편집…</translation>
    </message>
    <message>
        <source>Insert before…</source>
        <translation>앞에 삽입…</translation>
    </message>
    <message>
        <source>Insert after…</source>
        <translation>뒤에 삽입…</translation>
    </message>
    <message>
        <source>Rename the field…</source>
        <translation>필드 이름 바꾸기…</translation>
    </message>
    <message>
        <source>Change the member…</source>
        <translation>멤버 변경…</translation>
    </message>
    <message>
        <source>Time to live of the field…</source>
        <translation>필드의 TTL…</translation>
    </message>
    <message>
        <source>Delete…</source>
        <translation>삭제…</translation>
    </message>
    <message>
        <source>Add a field</source>
        <translation>필드 추가</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>추가</translation>
    </message>
    <message>
        <source>Field</source>
        <translation>필드</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>값</translation>
    </message>
    <message>
        <source>Add a member</source>
        <translation>멤버 추가</translation>
    </message>
    <message>
        <source>Member</source>
        <translation>멤버</translation>
    </message>
    <message>
        <source>Score</source>
        <translation>점수</translation>
    </message>
    <message>
        <source>The score is not a number.</source>
        <translation>점수가 숫자가 아닙니다.</translation>
    </message>
    <message>
        <source>Add an item</source>
        <translation>항목 추가</translation>
    </message>
    <message>
        <source>Add at the end</source>
        <translation>끝에 추가</translation>
    </message>
    <message>
        <source>Item</source>
        <translation>항목</translation>
    </message>
    <message>
        <source>Add at the beginning</source>
        <translation>처음에 추가</translation>
    </message>
    <message>
        <source>Add an entry</source>
        <translation>엔트리 추가</translation>
    </message>
    <message>
        <source>Id (* lets the server choose)</source>
        <translation>ID(*는 서버가 선택)</translation>
    </message>
    <message>
        <source>Fields: one per line, field=value</source>
        <translation>필드: 한 줄에 하나씩, 필드=값</translation>
    </message>
    <message>
        <source>An entry needs at least one field.</source>
        <translation>엔트리에는 필드가 하나 이상 있어야 합니다.</translation>
    </message>
    <message>
        <source>Rename the field</source>
        <translation>필드 이름 바꾸기</translation>
    </message>
    <message>
        <source>Change the member</source>
        <translation>멤버 변경</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>이름 바꾸기</translation>
    </message>
    <message>
        <source>New name</source>
        <translation>새 이름</translation>
    </message>
    <message>
        <source>the value is too long to be moved to another field here</source>
        <translation>값이 너무 길어 여기에서는 다른 필드로 옮길 수 없습니다</translation>
    </message>
    <message>
        <source>the value has %1: only values up to %2 can be edited here</source>
        <translation>값의 크기가 %1입니다. 여기에서는 %2까지만 편집할 수 있습니다</translation>
    </message>
    <message>
        <source>Edit the value</source>
        <translation>값 편집</translation>
    </message>
    <message>
        <source>Apply</source>
        <translation>적용</translation>
    </message>
    <message>
        <source>The change is saved together with your other changes.</source>
        <translation>다른 변경 내용과 함께 저장됩니다.</translation>
    </message>
    <message>
        <source>Insert an item</source>
        <translation>항목 삽입</translation>
    </message>
    <message>
        <source>Insert</source>
        <translation>삽입</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>삭제</translation>
    </message>
    <message>
        <source>Delete item %1?</source>
        <translation>항목 %1을(를) 삭제할까요?</translation>
    </message>
    <message>
        <source>Delete “%1”?</source>
        <translation>“%1”을(를) 삭제할까요?</translation>
    </message>
    <message numerus="yes">
        <source>Delete %n element(s)?</source>
        <translation>
            <numerusform>요소 %n개를 삭제할까요?</numerusform>
        </translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <source>Trim the list</source>
        <translation>리스트 자르기</translation>
    </message>
    <message>
        <source>Trim the stream</source>
        <translation>스트림 자르기</translation>
    </message>
    <message>
        <source>Trim</source>
        <translation>자르기</translation>
    </message>
    <message>
        <source>Number of items to keep, from the beginning</source>
        <translation>처음부터 남길 항목 수</translation>
    </message>
    <message>
        <source>Number of newest entries to keep</source>
        <translation>남길 최신 엔트리 수</translation>
    </message>
    <message>
        <source>This is not an integer.</source>
        <translation>정수가 아닙니다.</translation>
    </message>
    <message>
        <source>Newest first</source>
        <translation>최신순</translation>
    </message>
    <message>
        <source>Oldest first</source>
        <translation>오래된순</translation>
    </message>
    <message>
        <source>Trim…</source>
        <translation>자르기…</translation>
    </message>
    <message>
        <source>Elements</source>
        <translation>요소</translation>
    </message>
    <message>
        <source>Pattern, such as *shirt*</source>
        <translation>패턴, 예: *shirt*</translation>
    </message>
    <message>
        <source>Search in the value</source>
        <translation>값 안에서 찾기</translation>
    </message>
    <message>
        <source>Order</source>
        <translation>순서</translation>
    </message>
    <message>
        <source>Add entry…</source>
        <translation>엔트리 추가…</translation>
    </message>
    <message>
        <source>Add item…</source>
        <translation>항목 추가…</translation>
    </message>
    <message>
        <source>Add field…</source>
        <translation>필드 추가…</translation>
    </message>
    <message>
        <source>Add member…</source>
        <translation>멤버 추가…</translation>
    </message>
    <message>
        <source>%1 in total, only visible ones are read</source>
        <translation>모두 %1개, 보이는 부분만 읽음</translation>
    </message>
    <message>
        <source>%1 of %2 match</source>
        <translation>%2개 중 %1개 일치</translation>
    </message>
    <message>
        <source>%1 match so far, of %2</source>
        <translation>현재까지 %2개 중 %1개 일치</translation>
    </message>
    <message>
        <source>%1 of %2 read</source>
        <translation>%2개 중 %1개 읽음</translation>
    </message>
    <message>
        <source>%1 of %2 read, more as you scroll</source>
        <translation>%2개 중 %1개 읽음, 스크롤하면 더 읽음</translation>
    </message>
    <message>
        <source>%1 B</source>
        <translation>%1 B</translation>
    </message>
    <message numerus="yes">
        <source>%1 · %n field(s) · %2</source>
        <translation>
            <numerusform>%1 · 필드 %n개 · %2</numerusform>
        </translation>
    </message>
    <message>
        <source>item %1 · %2</source>
        <translation>항목 %1 · %2</translation>
    </message>
    <message>
        <source>%1 · too long to show</source>
        <translation>%1 · 너무 길어 여기에 표시할 수 없음</translation>
    </message>
    <message>
        <source>reading %1…</source>
        <translation>%1 읽는 중…</translation>
    </message>
    <message>
        <source>%1 · shown as %2</source>
        <translation>%1 · %2(으)로 표시</translation>
    </message>
    <message>
        <source>This connection is read-only.</source>
        <translation>읽기 전용 연결입니다.</translation>
    </message>
    <message numerus="yes">
        <source>%n change(s)</source>
        <translation>
            <numerusform>변경 %n건</numerusform>
        </translation>
    </message>
    <message>
        <source>The element, decoded</source>
        <translation>디코딩한 요소</translation>
    </message>
    <message>
        <source>If the field already exists, nothing is changed.</source>
        <translation>필드가 이미 있으면 아무것도 바뀌지 않습니다.</translation>
    </message>
    <message>
        <source>Done in one step; value and time to live stay. If the new name already exists, nothing is changed.</source>
        <translation>한 번에 처리되며 값과 TTL은 그대로입니다. 새 이름이 이미 있으면 아무것도 바뀌지 않습니다.</translation>
    </message>
    <message>
        <source>Done in one step. If the new member already exists, nothing is changed.</source>
        <translation>한 번에 처리됩니다. 새 멤버가 이미 있으면 아무것도 바뀌지 않습니다.</translation>
    </message>
    <message>
        <source>Save or revert the changes of this list first.</source>
        <translation>먼저 이 리스트의 변경을 저장하거나 되돌리십시오.</translation>
    </message>
    <message>
        <source>Save or revert the change of this field first.</source>
        <translation>먼저 이 필드의 변경을 저장하거나 되돌리십시오.</translation>
    </message>
    <message>
        <source>Save or revert the change of this member first.</source>
        <translation>먼저 이 멤버의 변경을 저장하거나 되돌리십시오.</translation>
    </message>
</context>
<context>
    <name>slotscope::CollectionModel</name>
    <message numerus="yes">
        <source>%n value(s)</source>
        <translation>
            <numerusform>값 %n개</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n score(s)</source>
        <translation>
            <numerusform>점수 %n개</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n field TTL(s)</source>
        <translation>
            <numerusform>필드 TTL %n개</numerusform>
        </translation>
    </message>
    <message>
        <source>none</source>
        <translation>없음</translation>
    </message>
    <message>
        <source>Index</source>
        <translation>인덱스</translation>
    </message>
    <message>
        <source>Rank</source>
        <translation>순위</translation>
    </message>
    <message>
        <source>Field</source>
        <translation>필드</translation>
    </message>
    <message>
        <source>Id</source>
        <translation>ID</translation>
    </message>
    <message>
        <source>Member</source>
        <translation>멤버</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>값</translation>
    </message>
    <message>
        <source>Score</source>
        <translation>점수</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>시간</translation>
    </message>
    <message>
        <source>Fields</source>
        <translation>필드</translation>
    </message>
    <message>
        <source>Field TTL</source>
        <translation>필드 TTL</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>크기</translation>
    </message>
    <message>
        <source>was %1</source>
        <translation>이전: %1</translation>
    </message>
    <message>
        <source>(empty)</source>
        <translation>(비어 있음)</translation>
    </message>
    <message>
        <source>expired</source>
        <translation>만료됨</translation>
    </message>
</context>
<context>
    <name>slotscope::CommandBars</name>
    <message>
        <source>Calls by execution time</source>
        <translation>실행 시간별 호출 수</translation>
    </message>
    <message>
        <source>Choose a command above.</source>
        <translation>위에서 명령을 선택하세요.</translation>
    </message>
    <message>
        <source>No calls</source>
        <translation>호출 없음</translation>
    </message>
</context>
<context>
    <name>slotscope::CommandBox</name>
    <message>
        <source>A pro&amp;gram prints the password</source>
        <translation>프로그램이 비밀번호 출력(&amp;G)</translation>
    </message>
    <message>
        <source>Runs on this computer before the login; the first line of its output is the password. It is not run by a shell: write sh -c &apos;…&apos; to use one. Do not put a password into it.</source>
        <translation>로그인 전에 이 컴퓨터에서 실행하며, 출력의 첫 줄이 비밀번호입니다. 셸을 거치지 않습니다. 셸이 필요하면 sh -c &apos;…&apos;로 쓰세요. 여기에 비밀번호를 적지 마세요.</translation>
    </message>
    <message>
        <source> min</source>
        <translation> 분</translation>
    </message>
    <message>
        <source>as long as the connection</source>
        <translation>연결되어 있는 동안</translation>
    </message>
    <message>
        <source>Before this time ends, the program is run again, and open connections log in again.</source>
        <translation>이 시간이 지나기 전에 프로그램을 다시 실행하고, 열린 연결이 다시 로그인합니다.</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>명령</translation>
    </message>
    <message>
        <source>Valid for</source>
        <translation>유효 시간</translation>
    </message>
</context>
<context>
    <name>slotscope::CommandEditor</name>
    <message>
        <source>Commands</source>
        <translation>명령</translation>
    </message>
</context>
<context>
    <name>slotscope::CommandGate</name>
    <message>
        <source>%1 destroys data or blocks the server, and this connection is marked as production</source>
        <translation>%1 명령은 데이터를 지우거나 서버를 멈추게 하며, 이 연결은 프로덕션으로 표시되어 있습니다</translation>
    </message>
    <message>
        <source>%1 may change the servers of this connection, which is marked as production</source>
        <translation>%1 명령은 프로덕션으로 표시된 이 연결의 서버를 변경할 수 있습니다</translation>
    </message>
    <message>
        <source>A load test uses the servers&apos; capacity, and this connection is marked as production</source>
        <translation>부하 테스트는 서버의 시간을 차지하며, 이 연결은 운영 환경으로 표시되어 있습니다</translation>
    </message>
    <message>
        <source>%1 may discard data or stop the server, and cannot be undone</source>
        <translation>%1 명령은 데이터를 버리거나 서버를 멈출 수 있으며, 되돌릴 수 없습니다</translation>
    </message>
</context>
<context>
    <name>slotscope::CommandLatencyModel</name>
    <message>
        <source>From INFO latencystats, since the start of the server</source>
        <translation>INFO latencystats 기준, 서버 시작 이후</translation>
    </message>
    <message>
        <source>The server&apos;s histogram has steps of powers of two: at most this long</source>
        <translation>서버는 2의 거듭제곱 단위로 셉니다. 이 시간 이하입니다</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>명령</translation>
    </message>
    <message>
        <source>Calls</source>
        <translation>호출 수</translation>
    </message>
    <message>
        <source>p50</source>
        <translation>p50</translation>
    </message>
    <message>
        <source>p99</source>
        <translation>p99</translation>
    </message>
    <message>
        <source>p99.9</source>
        <translation>p99.9</translation>
    </message>
    <message>
        <source>Longest</source>
        <translation>최대</translation>
    </message>
</context>
<context>
    <name>slotscope::CommandPalette</name>
    <message>
        <source>Nothing matches.</source>
        <translation>일치하는 항목이 없습니다.</translation>
    </message>
    <message>
        <source>Command palette</source>
        <translation>명령 팔레트</translation>
    </message>
    <message>
        <source>Find a page, node, slot 123, key:name or command…</source>
        <translation>페이지, 노드, slot 123, key:name 또는 명령 찾기…</translation>
    </message>
    <message>
        <source>Search text</source>
        <translation>찾을 내용</translation>
    </message>
    <message>
        <source>Search results</source>
        <translation>찾은 항목</translation>
    </message>
</context>
<context>
    <name>slotscope::CommandRouter</name>
    <message>
        <source>no node answers</source>
        <translation>응답하는 노드가 없습니다</translation>
    </message>
    <message>
        <source>it redirects to %1, a host that neither you nor any node named; credentials are not sent there. If the host is yours, add it as a seed, or map it</source>
        <translation>사용자도 노드도 알려 주지 않은 호스트 %1(으)로 가라고 합니다. 그곳에는 인증 정보를 보내지 않습니다. 본인의 호스트라면 시드로 지정하거나 매핑하세요</translation>
    </message>
    <message>
        <source>slot %1 has no owner</source>
        <translation>슬롯 %1의 소유자가 없습니다</translation>
    </message>
    <message>
        <source>no primary is known</source>
        <translation>알려진 프라이머리 없음</translation>
    </message>
    <message>
        <source>this node is not known</source>
        <translation>그런 노드를 알지 못합니다</translation>
    </message>
</context>
<context>
    <name>slotscope::CommandTable</name>
    <message>
        <source>the server has no such command: %1</source>
        <translation>서버에 그런 명령이 없습니다: %1</translation>
    </message>
</context>
<context>
    <name>slotscope::CommandTunnel</name>
    <message>
        <source>it accepted no connection at 127.0.0.1:%1 within %2 s</source>
        <translation>%2초 안에 127.0.0.1:%1에서 연결을 받지 않았습니다</translation>
    </message>
    <message>
        <source>a signal ended it</source>
        <translation>신호로 종료되었습니다</translation>
    </message>
    <message>
        <source>it exited with code %1</source>
        <translation>코드 %1로 종료되었습니다</translation>
    </message>
    <message>
        <source>it cannot be started: %1</source>
        <translation>시작할 수 없습니다: %1</translation>
    </message>
    <message>
        <source>it is running, but its connections do not reach the server</source>
        <translation>실행 중이지만 연결이 서버에 닿지 않습니다</translation>
    </message>
    <message>
        <source>%1: %2; last output: %3</source>
        <translation>%1: %2. 마지막 출력: %3</translation>
    </message>
    <message>
        <source>no port on 127.0.0.1 is free for it</source>
        <translation>127.0.0.1에 쓸 수 있는 빈 포트가 없습니다</translation>
    </message>
    <message>
        <source>“%1” is not a host name that may be passed to a command</source>
        <translation>“%1”은(는) 명령에 넘길 수 있는 호스트 이름이 아닙니다</translation>
    </message>
    <message>
        <source>it is not certain that the process listening on port %1 is the command or was started by it</source>
        <translation>포트 %1에서 듣는 것이 그 명령이거나 그 명령이 시작한 프로세스인지 알 수 없습니다</translation>
    </message>
</context>
<context>
    <name>slotscope::CommandsBoard</name>
    <message>
        <source>Commands of</source>
        <translation>명령 대상</translation>
    </message>
    <message>
        <source>Commands per second over time, the most frequent ones</source>
        <translation>시간에 따른 초당 명령 수, 가장 많은 명령</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>명령</translation>
    </message>
    <message>
        <source>Calls/s</source>
        <translation>호출/s</translation>
    </message>
    <message>
        <source>µs per call</source>
        <translation>호출당 µs</translation>
    </message>
    <message>
        <source>Time, %</source>
        <translation>시간, %</translation>
    </message>
    <message>
        <source>Failed/s</source>
        <translation>실패/s</translation>
    </message>
    <message>
        <source>Rejected/s</source>
        <translation>거부/s</translation>
    </message>
    <message>
        <source>Commands</source>
        <translation>명령</translation>
    </message>
    <message>
        <source>Of one core, all nodes together</source>
        <translation>코어 하나 기준, 모든 노드 합계</translation>
    </message>
    <message>
        <source>The command ran and replied with an error</source>
        <translation>실행되었으나 오류로 응답함</translation>
    </message>
    <message>
        <source>The command did not run: wrong number of arguments, no memory, no permission</source>
        <translation>실행되지 않음: 인수 개수 오류, 메모리 부족, 권한 없음</translation>
    </message>
    <message>
        <source>All primaries</source>
        <translation>모든 프라이머리</translation>
    </message>
    <message>
        <source>Waiting for two samples</source>
        <translation>두 번의 측정을 기다리는 중</translation>
    </message>
    <message>
        <source>INFO commandstats since %1, including Slotscope&apos;s own INFO, PING and CLUSTER</source>
        <translation>%1 이후의 INFO commandstats, Slotscope 자체의 INFO, PING, CLUSTER 포함</translation>
    </message>
    <message>
        <source>%1 of %2 nodes</source>
        <translation>노드 %2개 중 %1개</translation>
    </message>
    <message>
        <source>▲ %1: %2</source>
        <translation>▲ %1: %2</translation>
    </message>
</context>
<context>
    <name>slotscope::CompareDialog</name>
    <message>
        <source>Overwrite with yours</source>
        <translation>내 값으로 덮어쓰기</translation>
    </message>
    <message>
        <source>Use theirs</source>
        <translation>서버 값 사용</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>닫기</translation>
    </message>
    <message>
        <source>Yours</source>
        <translation>내 값</translation>
    </message>
    <message>
        <source>On the server now</source>
        <translation>현재 서버 값</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>비교</translation>
    </message>
</context>
<context>
    <name>slotscope::ComparisonDialog</name>
    <message>
        <source>today %1</source>
        <translation>오늘 %1</translation>
    </message>
    <message>
        <source>partial</source>
        <translation>일부</translation>
    </message>
    <message>
        <source>The other report is being read…</source>
        <translation>다른 보고서를 읽는 중…</translation>
    </message>
    <message>
        <source>Compare reports</source>
        <translation>보고서 비교</translation>
    </message>
    <message>
        <source>Compare with</source>
        <translation>비교 대상</translation>
    </message>
    <message>
        <source>What changed</source>
        <translation>바뀐 것</translation>
    </message>
    <message>
        <source>The current report, compared with</source>
        <translation>보고 있는 보고서를 다음과 비교</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>닫기</translation>
    </message>
    <message>
        <source>%1 between the two reports.</source>
        <translation>둘 사이의 간격은 %1입니다.</translation>
    </message>
</context>
<context>
    <name>slotscope::CompletionPopup</name>
    <message>
        <source>Tab inserts it · Esc closes</source>
        <translation>Tab으로 선택 · Esc로 닫기</translation>
    </message>
</context>
<context>
    <name>slotscope::ComposeReading</name>
    <message>
        <source>TLS: set the authority that signed its certificate, and a client certificate</source>
        <translation>TLS: 인증서를 서명한 기관과 자신의 인증서를 지정하세요</translation>
    </message>
    <message>
        <source>TLS: set the authority that signed its certificate</source>
        <translation>TLS: 인증서를 서명한 기관을 지정하세요</translation>
    </message>
    <message>
        <source>“%1” cannot be reached from outside its network: %2 is not published at a fixed port</source>
        <translation>“%1”은(는) 네트워크 밖에서 접근할 수 없습니다. %2번 포트가 고정 포트로 공개되어 있지 않습니다</translation>
    </message>
</context>
<context>
    <name>slotscope::ConfigModel</name>
    <message>
        <source>1 differs</source>
        <translation>1개가 다름</translation>
    </message>
    <message>
        <source>%1 differ</source>
        <translation>%1개가 다름</translation>
    </message>
    <message>
        <source>different on each node</source>
        <translation>각자 다름</translation>
    </message>
    <message>
        <source>Slotscope does not know this setting.</source>
        <translation>Slotscope가 모르는 설정입니다.</translation>
    </message>
    <message>
        <source>Each node has a value of its own.</source>
        <translation>노드마다 고유한 값입니다.</translation>
    </message>
    <message>
        <source>%1 does not have this setting, or does not show it.</source>
        <translation>%1이(가) 이 설정을 모르거나 보여 주지 않습니다.</translation>
    </message>
    <message>
        <source>Not read yet.</source>
        <translation>아직 읽지 않았습니다.</translation>
    </message>
    <message>
        <source>Setting</source>
        <translation>설정 항목</translation>
    </message>
    <message>
        <source>Default</source>
        <translation>기본값</translation>
    </message>
    <message>
        <source>Most nodes</source>
        <translation>대부분의 노드</translation>
    </message>
    <message>
        <source>1 other</source>
        <translation>다른 값 1개</translation>
    </message>
    <message>
        <source>%1 others</source>
        <translation>다른 값 %1개</translation>
    </message>
    <message>
        <source>%1 not read</source>
        <translation>%1개 읽지 못함</translation>
    </message>
</context>
<context>
    <name>slotscope::ConfigPage</name>
    <message>
        <source>Settings</source>
        <translation>설정</translation>
    </message>
    <message>
        <source>Users</source>
        <translation>사용자</translation>
    </message>
    <message>
        <source>Modules</source>
        <translation>모듈</translation>
    </message>
    <message>
        <source>Config</source>
        <translation>구성</translation>
    </message>
    <message>
        <source>Section of the page</source>
        <translation>페이지의 부분</translation>
    </message>
    <message>
        <source>Advice</source>
        <translation>권고</translation>
    </message>
</context>
<context>
    <name>slotscope::ConfigReader</name>
    <message>
        <source>this node is not known</source>
        <translation>그런 노드를 알지 못합니다</translation>
    </message>
</context>
<context>
    <name>slotscope::ConfirmPage</name>
    <message>
        <source>1 step</source>
        <translation>1단계</translation>
    </message>
    <message>
        <source>%1 steps</source>
        <translation>%1단계</translation>
    </message>
    <message>
        <source>on %1</source>
        <translation>%1에서</translation>
    </message>
    <message>
        <source>≈ %1 keys</source>
        <translation>≈ 키 %1개</translation>
    </message>
    <message>
        <source>✕ Data may be lost</source>
        <translation>✕ 데이터가 유실될 수 있습니다</translation>
    </message>
    <message>
        <source>▲ Warnings</source>
        <translation>▲ 경고</translation>
    </message>
    <message>
        <source>Verified at the end</source>
        <translation>마지막에 확인하는 사항</translation>
    </message>
    <message>
        <source>It can be stopped at points where no slot is in migration, and resumed later, even after a crash. Closing this window does not stop it.</source>
        <translation>클러스터가 온전한 시점에 멈출 수 있고, 나중에(프로그램이 비정상 종료된 뒤에도) 이어서 진행할 수 있습니다. 이 창을 닫아도 작업은 멈추지 않습니다.</translation>
    </message>
</context>
<context>
    <name>slotscope::ConnectDialog</name>
    <message>
        <source>Connect</source>
        <translation>연결</translation>
    </message>
    <message>
        <source>Connections that you use are listed here, without passwords.</source>
        <translation>사용한 연결이 여기에 표시됩니다. 비밀번호는 포함되지 않습니다.</translation>
    </message>
    <message>
        <source>Recent</source>
        <translation>최근</translation>
    </message>
    <message>
        <source>Connect to a cluster or server</source>
        <translation>클러스터 또는 서버에 연결</translation>
    </message>
    <message>
        <source>Passwords are sent only to the servers and stored only in the system&apos;s keychain.</source>
        <translation>비밀번호는 서버에 보내거나 시스템 키체인에 저장할 뿐, 다른 곳에는 남기지 않습니다.</translation>
    </message>
    <message>
        <source>&amp;Test</source>
        <translation>테스트(&amp;T)</translation>
    </message>
    <message>
        <source>Try every server and report what works and what does not</source>
        <translation>모든 서버에 접속해 보고 되는 것과 안 되는 것을 알려 줍니다</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <source>Sa&amp;ve</source>
        <translation>저장(&amp;V)</translation>
    </message>
    <message>
        <source>&amp;Connect</source>
        <translation>연결(&amp;C)</translation>
    </message>
    <message>
        <source>Edit a saved connection</source>
        <translation>저장된 연결 편집</translation>
    </message>
    <message>
        <source>Its password could not be read from the keychain: enter it again to change it there.</source>
        <translation>키체인에서 비밀번호를 읽지 못했습니다. 변경하려면 다시 입력하세요.</translation>
    </message>
    <message>
        <source>Stop the &amp;test</source>
        <translation>테스트 중지(&amp;T)</translation>
    </message>
    <message>
        <source>Testing…</source>
        <translation>테스트 중…</translation>
    </message>
    <message>
        <source>✕ No server accepts the connection.</source>
        <translation>✕ 접속을 허용하는 서버가 없습니다.</translation>
    </message>
    <message>
        <source>✓ The connection works.</source>
        <translation>✓ 정상입니다.</translation>
    </message>
    <message>
        <source>✓ The connection works, with a warning.</source>
        <translation>✓ 정상이지만 참고할 내용이 있습니다.</translation>
    </message>
</context>
<context>
    <name>slotscope::ConnectFields</name>
    <message>
        <source>Enter at least one server, such as 10.0.0.1:6379</source>
        <translation>서버를 하나 이상 입력하세요. 예: 10.0.0.1:6379</translation>
    </message>
    <message>
        <source>A Unix socket cannot be combined with other servers</source>
        <translation>Unix 소켓은 단독으로만 사용합니다. 다른 서버와 함께 쓸 수 없습니다</translation>
    </message>
    <message>
        <source>“%1” is not a database number: enter 0, 1, 2 or higher</source>
        <translation>“%1”은(는) 데이터베이스 번호가 아닙니다. 0, 1, 2, … 중에서 입력하세요</translation>
    </message>
    <message>
        <source>Only for standalone servers: a cluster has database 0.</source>
        <translation>단독 서버 전용: 클러스터에는 데이터베이스 0만 있습니다.</translation>
    </message>
    <message>
        <source>Reachable address</source>
        <translation>접근 가능한 주소</translation>
    </message>
    <message>
        <source>Announced address</source>
        <translation>알린 주소</translation>
    </message>
    <message>
        <source>it is missing</source>
        <translation>비어 있습니다</translation>
    </message>
    <message>
        <source>Without a password the user name is not used.</source>
        <translation>비밀번호가 없으면 사용자를 사용하지 않습니다.</translation>
    </message>
    <message>
        <source>just now</source>
        <translation>방금</translation>
    </message>
    <message numerus="yes">
        <source>%n min ago</source>
        <translation>
            <numerusform>%n분 전</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n h ago</source>
        <translation>
            <numerusform>%n시간 전</numerusform>
        </translation>
    </message>
    <message>
        <source>yesterday</source>
        <translation>어제</translation>
    </message>
    <message>
        <source>Sentinels cannot be reached through a Unix socket</source>
        <translation>Sentinel에는 유닉스 소켓이 없습니다</translation>
    </message>
    <message>
        <source>The name of the primary, as the Sentinels know it, is missing</source>
        <translation>Sentinel이 아는 프라이머리 이름이 없습니다</translation>
    </message>
    <message>
        <source>The SSH host is missing</source>
        <translation>SSH 호스트가 없습니다</translation>
    </message>
    <message>
        <source>The command is missing</source>
        <translation>명령이 없습니다</translation>
    </message>
    <message>
        <source>The address of the proxy is missing</source>
        <translation>프록시 주소가 없습니다</translation>
    </message>
    <message>
        <source>A Unix socket is on this computer: the connection is direct</source>
        <translation>유닉스 소켓은 이 컴퓨터에 있으므로 직접 연결합니다</translation>
    </message>
    <message>
        <source>A command line: press Tab to fill the fields from it</source>
        <translation>명령줄입니다. Tab을 누르면 그 내용으로 필드가 채워집니다</translation>
    </message>
</context>
<context>
    <name>slotscope::ConnectForm</name>
    <message>
        <source>&amp;URI</source>
        <translation>URI(&amp;U)</translation>
    </message>
    <message>
        <source>redis://user:password@host:6379,host:6380</source>
        <translation>redis://user:password@host:6379,host:6380</translation>
    </message>
    <message>
        <source>&amp;Servers: one is enough, more are tried in turn</source>
        <translation>서버(&amp;S): 하나면 충분하며, 여러 개면 차례로 시도합니다</translation>
    </message>
    <message>
        <source>10.0.0.1:6379, 10.0.0.2:6379, [fd00::3]:6379</source>
        <translation>10.0.0.1:6379, 10.0.0.2:6379, [fd00::3]:6379</translation>
    </message>
    <message>
        <source>&amp;Read-only: send no commands that change the servers</source>
        <translation>읽기 전용(&amp;R): 서버에서 아무것도 변경하지 않음</translation>
    </message>
    <message>
        <source>U&amp;ser</source>
        <translation>사용자(&amp;S)</translation>
    </message>
    <message>
        <source>the default user</source>
        <translation>기본 사용자</translation>
    </message>
    <message>
        <source>&amp;Password</source>
        <translation>비밀번호(&amp;P)</translation>
    </message>
    <message>
        <source>none</source>
        <translation>없음</translation>
    </message>
    <message>
        <source>&amp;Name to show</source>
        <translation>표시할 이름(&amp;N)</translation>
    </message>
    <message>
        <source>the first server</source>
        <translation>첫 번째 서버</translation>
    </message>
    <message>
        <source>&amp;Database</source>
        <translation>데이터베이스(&amp;D)</translation>
    </message>
    <message>
        <source>Environment</source>
        <translation>환경</translation>
    </message>
    <message>
        <source>Production is marked clearly, and asks before any change.</source>
        <translation>프로덕션은 눈에 띄게 표시하고, 변경하기 전에 항상 확인합니다.</translation>
    </message>
    <message>
        <source>Development</source>
        <translation>개발</translation>
    </message>
    <message>
        <source>Staging</source>
        <translation>스테이징</translation>
    </message>
    <message>
        <source>Production</source>
        <translation>프로덕션</translation>
    </message>
    <message>
        <source>&amp;Environment</source>
        <translation>환경(&amp;E)</translation>
    </message>
    <message>
        <source>Behind NAT or in containers, nodes announce addresses that cannot be reached from here. Enter pairs of addresses if Slotscope does not find the reachable ones itself.</source>
        <translation>NAT 뒤나 컨테이너 안의 노드는 여기에서 접근할 수 없는 주소를 알릴 수 있습니다. Slotscope가 스스로 길을 찾지 못하면 주소 쌍을 입력하세요.</translation>
    </message>
    <message>
        <source>Add an address</source>
        <translation>주소 추가</translation>
    </message>
    <message>
        <source>announced, 172.17.0.2:6379</source>
        <translation>알린 주소, 172.17.0.2:6379</translation>
    </message>
    <message>
        <source>Announced address</source>
        <translation>알린 주소</translation>
    </message>
    <message>
        <source>reachable, localhost:7001</source>
        <translation>접근 가능한 주소, localhost:7001</translation>
    </message>
    <message>
        <source>Reachable address</source>
        <translation>접근 가능한 주소</translation>
    </message>
    <message>
        <source>Remove this address</source>
        <translation>이 주소 제거</translation>
    </message>
    <message>
        <source>Show the nodes’ addresses…</source>
        <translation>노드 주소 보기…</translation>
    </message>
    <message>
        <source>Connects and shows at which address each node is reached; map those that do not answer</source>
        <translation>연결해 각 노드의 접속 주소를 보여 줍니다. 응답하지 않는 노드는 거기서 지정할 수 있습니다</translation>
    </message>
    <message>
        <source>Renamed commands (rename-command)</source>
        <translation>이름이 바뀐 명령(rename-command)</translation>
    </message>
    <message>
        <source>CONFIG=abc, FLUSHALL=xyz</source>
        <translation>CONFIG=abc, FLUSHALL=xyz</translation>
    </message>
    <message>
        <source>Advanced: address mapping, renamed commands, refresh interval</source>
        <translation>고급: 여기서 다르게 보이는 주소, 이름이 바뀐 명령, 조회 주기</translation>
    </message>
    <message>
        <source>How often the window polls each node</source>
        <translation>창이 각 노드를 조회하는 주기</translation>
    </message>
    <message>
        <source>Topology and metrics are updated at this interval; a longer one shows failures later</source>
        <translation>토폴로지와 지표는 이 주기로 새로 고쳐지며, 노드 장애도 이만큼 늦게 발견됩니다</translation>
    </message>
    <message>
        <source>default interval</source>
        <translation>기본 주기로</translation>
    </message>
    <message numerus="yes">
        <source>every %n second(s)</source>
        <translation>
            <numerusform>%n초마다</numerusform>
        </translation>
    </message>
    <message>
        <source>Poll each node</source>
        <translation>각 노드 조회</translation>
    </message>
</context>
<context>
    <name>slotscope::Connection</name>
    <message>
        <source>the port accepts connections, but the TLS handshake was not answered within %1 ms; is it the TLS port?</source>
        <translation>포트가 연결은 받지만 %1 ms 안에 TLS로 응답하지 않았습니다. TLS 포트가 맞나요?</translation>
    </message>
    <message>
        <source>connecting took longer than %1 ms</source>
        <translation>연결하는 데 %1 ms보다 오래 걸렸습니다</translation>
    </message>
    <message>
        <source>closed</source>
        <translation>닫힘</translation>
    </message>
    <message>
        <source>connected, but the handshake was not answered within %1 ms</source>
        <translation>연결되었지만 %1 ms 안에 초기 응답이 없었습니다</translation>
    </message>
    <message>
        <source>a reply without a command</source>
        <translation>요청하지 않은 응답</translation>
    </message>
    <message>
        <source>no reply within %1 ms</source>
        <translation>%1 ms 안에 응답 없음</translation>
    </message>
    <message>
        <source>the server closed the connection during the handshake</source>
        <translation>초기 응답 도중에 서버가 연결을 닫았습니다</translation>
    </message>
    <message>
        <source>its reply to PING is not that of a Redis server; no password was sent</source>
        <translation>PING에 대한 응답이 Redis 서버의 것이 아닙니다. 비밀번호는 보내지 않았습니다</translation>
    </message>
    <message>
        <source>a server without cluster mode answers there, not node %1</source>
        <translation>그곳에서는 노드 %1이(가) 아니라 클러스터 모드가 아닌 서버가 응답합니다</translation>
    </message>
    <message>
        <source>node %1 answers there, not node %2</source>
        <translation>그곳에서는 %2이(가) 아니라 노드 %1이(가) 응답합니다</translation>
    </message>
    <message>
        <source>the Sentinel does not report which primaries it watches</source>
        <translation>감시하는 대상을 알려 주지 않습니다</translation>
    </message>
    <message>
        <source>the Sentinel watches %1</source>
        <translation>%1을(를) 감시합니다</translation>
    </message>
</context>
<context>
    <name>slotscope::ConnectionTabs</name>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>외 %n개</numerusform>
        </translation>
    </message>
    <message>
        <source>Connections</source>
        <translation>연결</translation>
    </message>
    <message>
        <source>Close the connection (Ctrl+W)</source>
        <translation>연결 닫기(Ctrl+W)</translation>
    </message>
    <message>
        <source>Close the connection</source>
        <translation>연결 닫기</translation>
    </message>
</context>
<context>
    <name>slotscope::ConnectionTarget</name>
    <message>
        <source>%1: write ANNOUNCED:PORT=REACHABLE:PORT, or ID=REACHABLE:PORT</source>
        <translation>%1: ANNOUNCED:PORT=REACHABLE:PORT 또는 ID=REACHABLE:PORT 형식이어야 합니다</translation>
    </message>
    <message>
        <source>%1: %2 is already mapped to %3</source>
        <translation>%1: %2의 접근 주소로 %3도 지정되어 있습니다</translation>
    </message>
    <message>
        <source>%1: write a renamed command as COMMAND=NEWNAME, as in CONFIG=abc</source>
        <translation>%1: CONFIG=abc처럼 COMMAND=NAME 형식이어야 합니다</translation>
    </message>
    <message>
        <source>%1: %2 is the name of another command</source>
        <translation>%1: %2은(는) 다른 명령입니다</translation>
    </message>
    <message>
        <source>%1: %2 already has the new name %3</source>
        <translation>%1: %2의 이름이 %3(으)로도 지정되었습니다</translation>
    </message>
    <message>
        <source>a “?” in a user name or password ends the URI too early: encode it as %3F, or use the Password field (--askpass on the command line)</source>
        <translation>사용자 이름이나 암호의 “?”가 URI를 끊습니다. %3F로 쓰거나 암호 입력란(명령줄에서는 --askpass)을 사용하십시오</translation>
    </message>
</context>
<context>
    <name>slotscope::ConnectionView</name>
    <message>
        <source>Try now</source>
        <translation>지금 시도</translation>
    </message>
    <message>
        <source>Change connection…</source>
        <translation>연결 변경…</translation>
    </message>
    <message>
        <source>Enter the password…</source>
        <translation>비밀번호 입력…</translation>
    </message>
    <message>
        <source>%1 refuses access</source>
        <translation>%1: 접속이 거부되었습니다</translation>
    </message>
    <message>
        <source>%1 cannot be reached</source>
        <translation>%1: 연결할 수 없습니다</translation>
    </message>
    <message>
        <source>The connection to %1 is lost</source>
        <translation>%1: 연결이 끊어졌습니다</translation>
    </message>
    <message>
        <source>Cannot connect to %1</source>
        <translation>%1: 연결하지 못했습니다</translation>
    </message>
    <message>
        <source>Connecting to %1</source>
        <translation>%1에 연결하는 중</translation>
    </message>
    <message>
        <source>Waiting for the first node to answer.</source>
        <translation>첫 번째 노드의 응답을 기다리는 중입니다.</translation>
    </message>
    <message numerus="yes">
        <source>next try in %n s</source>
        <translation>
            <numerusform>%n초 후 다시 시도</numerusform>
        </translation>
    </message>
    <message>
        <source>trying again…</source>
        <translation>다시 시도하는 중…</translation>
    </message>
    <message>
        <source>▲ No node answers · %1 · %2. The page shows the last known state.</source>
        <translation>▲ 응답하는 노드가 없습니다 · %1 · %2. 마지막으로 확인된 내용을 표시하고 있습니다.</translation>
    </message>
    <message numerus="yes">
        <source>Next attempt in %n s.</source>
        <translation>
            <numerusform>%n초 후에 다시 시도합니다.</numerusform>
        </translation>
    </message>
    <message>
        <source>Trying again…</source>
        <translation>다시 시도하는 중…</translation>
    </message>
    <message>
        <source>▲ The password was not renewed · %1. Open connections stay open.</source>
        <translation>▲ 비밀번호를 갱신하지 못했습니다 · %1. 열린 연결은 그대로 둡니다.</translation>
    </message>
    <message>
        <source>The shard’s name could not be saved: %1</source>
        <translation>샤드 이름을 저장하지 못했습니다: %1</translation>
    </message>
</context>
<context>
    <name>slotscope::ConnectionsPage</name>
    <message>
        <source>Connections</source>
        <translation>연결</translation>
    </message>
    <message>
        <source>Which connections are listed</source>
        <translation>표시할 연결</translation>
    </message>
    <message>
        <source>New folder…</source>
        <translation>새 폴더…</translation>
    </message>
    <message>
        <source>Start the demo</source>
        <translation>데모 시작</translation>
    </message>
    <message>
        <source>Starts a cluster of six servers on this computer, with sample data, and removes it afterwards.</source>
        <translation>이 컴퓨터에서 데이터가 든 서버 6대의 클러스터를 시작하고, 끝나면 제거합니다.</translation>
    </message>
    <message>
        <source>Create a cluster…</source>
        <translation>클러스터 만들기…</translation>
    </message>
    <message>
        <source>redis:// address, host:port, or a redis-cli command line; Enter connects</source>
        <translation>redis:// 주소, host:port 또는 redis-cli 명령줄; Enter로 연결</translation>
    </message>
    <message>
        <source>Connect without saving</source>
        <translation>저장하지 않고 연결</translation>
    </message>
    <message>
        <source>New connection…</source>
        <translation>새 연결…</translation>
    </message>
    <message>
        <source>Unfinished operations</source>
        <translation>끝나지 않은 작업</translation>
    </message>
    <message>
        <source>Search name, address, tag, note</source>
        <translation>이름, 주소, 태그, 메모로 찾기</translation>
    </message>
    <message>
        <source>Find a saved connection</source>
        <translation>저장된 연결 찾기</translation>
    </message>
    <message>
        <source>Favourite</source>
        <translation>즐겨찾기</translation>
    </message>
    <message>
        <source>Seeds</source>
        <translation>시드</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>종류</translation>
    </message>
    <message>
        <source>Server</source>
        <translation>서버</translation>
    </message>
    <message>
        <source>User</source>
        <translation>사용자</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>비밀번호</translation>
    </message>
    <message>
        <source>TLS</source>
        <translation>TLS</translation>
    </message>
    <message>
        <source>Database</source>
        <translation>데이터베이스</translation>
    </message>
    <message>
        <source>Opens with</source>
        <translation>접속 방식</translation>
    </message>
    <message>
        <source>Addresses</source>
        <translation>주소</translation>
    </message>
    <message>
        <source>Tags</source>
        <translation>태그</translation>
    </message>
    <message>
        <source>Last used</source>
        <translation>사용</translation>
    </message>
    <message>
        <source>Edit…</source>
        <translation>편집…</translation>
    </message>
    <message>
        <source>Duplicate</source>
        <translation>복제</translation>
    </message>
    <message>
        <source>Connect</source>
        <translation>연결</translation>
    </message>
    <message>
        <source>%1, copy</source>
        <translation>%1, 사본</translation>
    </message>
    <message>
        <source>All</source>
        <translation>전체</translation>
    </message>
    <message>
        <source>Recent</source>
        <translation>최근</translation>
    </message>
    <message>
        <source>Favourites</source>
        <translation>즐겨찾기</translation>
    </message>
    <message>
        <source>None of the %1 saved connections matches.</source>
        <translation>저장된 연결 %1개 중 맞는 것이 없습니다.</translation>
    </message>
    <message>
        <source>Enter connects · F2 renames · Del removes · drag to a folder</source>
        <translation>Enter: 연결 · F2: 이름 바꾸기 · Del: 제거 · 끌기: 폴더로 이동</translation>
    </message>
    <message>
        <source>Nothing is selected</source>
        <translation>선택한 항목 없음</translation>
    </message>
    <message>
        <source>default</source>
        <translation>기본값</translation>
    </message>
    <message>
        <source>in the keychain</source>
        <translation>키체인에 저장됨</translation>
    </message>
    <message>
        <source>asked each time</source>
        <translation>매번 입력</translation>
    </message>
    <message>
        <source>none</source>
        <translation>없음</translation>
    </message>
    <message>
        <source>any certificate is accepted</source>
        <translation>모든 인증서를 허용</translation>
    </message>
    <message>
        <source>one pinned certificate</source>
        <translation>고정된 인증서 하나</translation>
    </message>
    <message>
        <source>system CAs, host names verified</source>
        <translation>시스템 인증 기관, 호스트 이름 확인</translation>
    </message>
    <message>
        <source>custom CA, host names verified</source>
        <translation>자체 인증 기관, 호스트 이름 확인</translation>
    </message>
    <message>
        <source>with a client certificate</source>
        <translation>클라이언트 인증서 사용</translation>
    </message>
    <message>
        <source>no</source>
        <translation>아니요</translation>
    </message>
    <message>
        <source>read-only</source>
        <translation>읽기 전용</translation>
    </message>
    <message>
        <source>read and write</source>
        <translation>읽기와 쓰기</translation>
    </message>
    <message>
        <source>as announced</source>
        <translation>알린 그대로</translation>
    </message>
    <message numerus="yes">
        <source>%n mapped</source>
        <translation>
            <numerusform>매핑 %n개</numerusform>
        </translation>
    </message>
    <message>
        <source>never</source>
        <translation>사용한 적 없음</translation>
    </message>
    <message>
        <source>%1 times, last %2</source>
        <translation>%1회, 마지막 %2</translation>
    </message>
    <message>
        <source>New folder</source>
        <translation>새 폴더</translation>
    </message>
    <message>
        <source>Its name:</source>
        <translation>이름:</translation>
    </message>
    <message>
        <source>Rename the folder…</source>
        <translation>폴더 이름 바꾸기…</translation>
    </message>
    <message>
        <source>Rename the folder</source>
        <translation>폴더 이름 바꾸기</translation>
    </message>
    <message>
        <source>Remove the folder, keep its connections</source>
        <translation>폴더 제거(연결은 유지)</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>이름 바꾸기</translation>
    </message>
    <message>
        <source>Name to show:</source>
        <translation>표시할 이름:</translation>
    </message>
    <message>
        <source>Remove a connection</source>
        <translation>연결 제거</translation>
    </message>
    <message>
        <source>Remove “%1” from the saved connections?</source>
        <translation>저장된 연결에서 “%1”을(를) 제거할까요?</translation>
    </message>
    <message>
        <source>Its password is deleted from the keychain. Nothing changes on the servers.</source>
        <translation>비밀번호도 키체인에서 지웁니다. 서버에는 아무 변화가 없습니다.</translation>
    </message>
    <message>
        <source>Nothing changes on the servers.</source>
        <translation>서버에는 아무 변화가 없습니다.</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>제거</translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation>이름 바꾸기…</translation>
    </message>
    <message>
        <source>Not a favourite any more</source>
        <translation>즐겨찾기 해제</translation>
    </message>
    <message>
        <source>Move to folder</source>
        <translation>폴더로 이동</translation>
    </message>
    <message>
        <source>Not in a folder</source>
        <translation>폴더 없음</translation>
    </message>
    <message>
        <source>Copy the URI (without password)</source>
        <translation>URI 복사(비밀번호 제외)</translation>
    </message>
    <message>
        <source>Remove…</source>
        <translation>제거…</translation>
    </message>
    <message>
        <source>Import…</source>
        <translation>가져오기…</translation>
    </message>
    <message>
        <source>Import connections</source>
        <translation>연결 가져오기</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>모든 파일 (*)</translation>
    </message>
    <message>
        <source>Nothing was imported from %1.</source>
        <translation>%1에서 아무것도 가져오지 못했습니다.</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>Passwords were not imported: you will be asked for them, and can store them in the keychain.</source>
        <translation>비밀번호는 가져오지 않았습니다. 연결할 때 입력하면 키체인에 보관할 수 있습니다.</translation>
    </message>
    <message>
        <source>From %1: %2 added, %3 already existed.</source>
        <translation>%1에서 %2개를 추가했습니다. %3개는 이미 있습니다.</translation>
    </message>
    <message>
        <source>Route</source>
        <translation>경로</translation>
    </message>
    <message>
        <source>direct</source>
        <translation>직접</translation>
    </message>
    <message>
        <source>Find a connection</source>
        <translation>연결 찾기</translation>
    </message>
    <message>
        <source>From a file of Slotscope, RedisInsight, Another Redis Desktop Manager, RESP.app or Docker Compose, or a file of addresses</source>
        <translation>Slotscope, RedisInsight, Another Redis Desktop Manager, RESP.app, Docker Compose의 파일이나 주소를 적은 파일에서</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>내보내기…</translation>
    </message>
    <message>
        <source>The saved connections to a file, with passwords protected by a passphrase, or without</source>
        <translation>저장된 연결을 파일로. 비밀번호는 암호 문구로 암호화하거나 뺍니다</translation>
    </message>
    <message>
        <source>from “%1”</source>
        <translation>“%1”에서</translation>
    </message>
    <message>
        <source>from $%1</source>
        <translation>$%1에서</translation>
    </message>
    <message>
        <source>Save a copy…</source>
        <translation>사본 저장…</translation>
    </message>
    <message>
        <source>Export and Compose files (*.json *.ano *.txt *.yml *.yaml)</source>
        <translation>내보낸 파일과 Compose 파일 (*.json *.ano *.txt *.yml *.yaml)</translation>
    </message>
    <message>
        <source>Passphrase of %1:</source>
        <translation>%1의 암호 문구:</translation>
    </message>
    <message>
        <source>✕ %1. Passphrase of %2:</source>
        <translation>✕ %1. %2의 암호 문구:</translation>
    </message>
    <message>
        <source>Saved connections</source>
        <translation>저장된 연결</translation>
    </message>
</context>
<context>
    <name>slotscope::Consent</name>
    <message>
        <source>This is production. Type its name, %1, to continue:</source>
        <translation>프로덕션입니다. 계속하려면 이름 %1을(를) 입력하세요:</translation>
    </message>
    <message>
        <source>Type %1 or “lose data” to confirm:</source>
        <translation>동의하려면 %1 또는 “lose data”를 입력하세요:</translation>
    </message>
    <message>
        <source>Yes, change %1, a production system</source>
        <translation>예, 프로덕션인 %1을(를) 변경합니다</translation>
    </message>
</context>
<context>
    <name>slotscope::ConsoleFeed</name>
    <message>
        <source>all primaries</source>
        <translation>모든 프라이머리</translation>
    </message>
    <message>
        <source>all replicas</source>
        <translation>모든 레플리카</translation>
    </message>
    <message>
        <source>all nodes</source>
        <translation>모든 노드</translation>
    </message>
</context>
<context>
    <name>slotscope::ConsoleHelp</name>
    <message>
        <source>ACL DRYRUN replies: %1</source>
        <translation>ACL DRYRUN의 결과: %1</translation>
    </message>
</context>
<context>
    <name>slotscope::ConsoleLinks</name>
    <message>
        <source>the connection could not be opened</source>
        <translation>연결을 열 수 없습니다</translation>
    </message>
</context>
<context>
    <name>slotscope::ConsolePage</name>
    <message>
        <source>Saved commands</source>
        <translation>저장된 명령</translation>
    </message>
    <message>
        <source>Save the editor&apos;s lines for this connection…</source>
        <translation>편집기의 줄을 이 연결용으로 저장…</translation>
    </message>
    <message>
        <source>Save the editor&apos;s lines for all connections…</source>
        <translation>편집기의 줄을 모든 연결용으로 저장…</translation>
    </message>
    <message>
        <source>Open the files&apos; folder</source>
        <translation>파일 폴더 열기</translation>
    </message>
    <message>
        <source>Lua script (EVAL)…</source>
        <translation>Lua 스크립트(EVAL)…</translation>
    </message>
    <message>
        <source>Functions of all primaries</source>
        <translation>모든 프라이머리의 함수</translation>
    </message>
    <message>
        <source>Scripts cached on all nodes</source>
        <translation>모든 노드에 보관된 스크립트</translation>
    </message>
    <message>
        <source>Servers do not list the scripts that they cache: number_of_cached_scripts and used_memory_scripts of INFO show their number and memory. SCRIPT EXISTS checks for one.</source>
        <translation>서버는 보관 중인 스크립트의 이름을 알려 주지 않습니다. INFO의 number_of_cached_scripts와 used_memory_scripts에서 개수와 메모리를 알 수 있고, SCRIPT EXISTS로 하나씩 확인할 수 있습니다.</translation>
    </message>
    <message>
        <source>Enter the lines first. $(name) is a placeholder to fill in, $(name=5) has a default value.</source>
        <translation>먼저 줄을 입력하세요. $(name)은 채워 넣을 자리이고, $(name=5)는 기본값을 제안합니다.</translation>
    </message>
    <message>
        <source>Lines that contain a password or that cannot be parsed are not saved.</source>
        <translation>비밀번호가 들어 있거나 읽을 수 없는 줄은 저장하지 않습니다.</translation>
    </message>
    <message>
        <source>Save commands</source>
        <translation>명령 저장</translation>
    </message>
    <message>
        <source>Name:</source>
        <translation>이름:</translation>
    </message>
    <message>
        <source>“%1” was saved.</source>
        <translation>“%1”을(를) 저장했습니다.</translation>
    </message>
    <message>
        <source>Console</source>
        <translation>콘솔</translation>
    </message>
    <message>
        <source>Docs</source>
        <translation>도움말</translation>
    </message>
    <message>
        <source>History</source>
        <translation>기록</translation>
    </message>
    <message>
        <source>Run a file…</source>
        <translation>파일 실행…</translation>
    </message>
    <message>
        <source>Run each line of a file</source>
        <translation>파일의 각 줄을 실행</translation>
    </message>
    <message>
        <source>Save session…</source>
        <translation>세션 저장…</translation>
    </message>
    <message>
        <source>Save the commands and replies of this session</source>
        <translation>입력한 명령과 응답을 저장</translation>
    </message>
    <message>
        <source>Console tabs</source>
        <translation>콘솔 탭</translation>
    </message>
    <message>
        <source>Another tab with connections of its own</source>
        <translation>별도의 연결을 사용하는 새 탭</translation>
    </message>
    <message>
        <source>The history could not be saved: %1</source>
        <translation>기록을 저장하지 못했습니다: %1</translation>
    </message>
    <message>
        <source>%1 tabs are open; close one first.</source>
        <translation>탭이 %1개 열려 있습니다. 먼저 하나를 닫으세요.</translation>
    </message>
    <message>
        <source>commands and arguments as documented by the server (%1)</source>
        <translation>서버(%1)가 제공하는 명령과 인수 설명</translation>
    </message>
    <message>
        <source>commands and arguments as built into Slotscope</source>
        <translation>내장된 명령과 인수 설명</translation>
    </message>
    <message>
        <source>A transaction in the console has not been executed.</source>
        <translation>콘솔에 아직 실행하지 않은 트랜잭션이 있습니다.</translation>
    </message>
    <message>
        <source>%1 is larger than 16 MB: use slotscope-cli call --file.</source>
        <translation>%1이(가) 16 MB보다 큽니다. slotscope-cli call --file을 사용하세요.</translation>
    </message>
    <message>
        <source>Saved to %1.</source>
        <translation>%1에 저장했습니다.</translation>
    </message>
    <message>
        <source>Replies in the console</source>
        <translation>콘솔의 응답</translation>
    </message>
    <message>
        <source>Search the history</source>
        <translation>기록 검색</translation>
    </message>
    <message>
        <source>Show or hide the help</source>
        <translation>도움말 표시 또는 숨기기</translation>
    </message>
    <message>
        <source>Find in the replies</source>
        <translation>응답에서 찾기</translation>
    </message>
    <message>
        <source>New tab</source>
        <translation>새 탭</translation>
    </message>
</context>
<context>
    <name>slotscope::ConsolePanel</name>
    <message>
        <source>Close (F1 shows it again)</source>
        <translation>닫기(F1로 다시 표시)</translation>
    </message>
    <message>
        <source>Syntax</source>
        <translation>인수 형식</translation>
    </message>
    <message>
        <source>Flags</source>
        <translation>플래그</translation>
    </message>
    <message>
        <source>ACL</source>
        <translation>권한</translation>
    </message>
    <message>
        <source>Since</source>
        <translation>지원 버전</translation>
    </message>
    <message>
        <source>Arguments</source>
        <translation>인수</translation>
    </message>
    <message>
        <source>Search the history (Ctrl+R)</source>
        <translation>기록 검색(Ctrl+R)</translation>
    </message>
    <message>
        <source>Passwords are never stored here.</source>
        <translation>비밀번호는 여기에 저장되지 않습니다.</translation>
    </message>
    <message>
        <source>No command</source>
        <translation>명령 없음</translation>
    </message>
    <message>
        <source>While you type a command, its description from the server appears here.</source>
        <translation>명령을 입력하면 서버가 제공하는 설명이 여기에 표시됩니다.</translation>
    </message>
    <message>
        <source>and %1 more</source>
        <translation>외 %1개</translation>
    </message>
    <message>
        <source>History of %1</source>
        <translation>%1의 기록</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>닫기</translation>
    </message>
    <message>
        <source>History</source>
        <translation>기록</translation>
    </message>
</context>
<context>
    <name>slotscope::ConsoleSending</name>
    <message>
        <source>the command cannot be part of a pipeline</source>
        <translation>파이프라인에 포함할 수 없습니다</translation>
    </message>
    <message>
        <source>the commands of a pipeline go to a single node, but these belong to several</source>
        <translation>파이프라인의 명령은 한 노드로 가야 하는데, 여러 노드에 속합니다</translation>
    </message>
    <message>
        <source>the cluster is not connected yet</source>
        <translation>클러스터가 아직 연결되지 않았습니다</translation>
    </message>
    <message>
        <source>this node does not exist</source>
        <translation>그런 노드가 없습니다</translation>
    </message>
    <message>
        <source>no node answers</source>
        <translation>응답하는 노드가 없습니다</translation>
    </message>
    <message>
        <source>The transaction begins on the node of its first key.</source>
        <translation>트랜잭션은 첫 번째 키의 노드에서 시작합니다.</translation>
    </message>
    <message>
        <source>No command had been sent.</source>
        <translation>아무것도 보내지 않았습니다.</translation>
    </message>
    <message>
        <source>stopped before it was sent</source>
        <translation>보내기 전에 중지됨</translation>
    </message>
    <message>
        <source>it was redirected too often</source>
        <translation>계속 다른 노드로 돌려보내졌습니다</translation>
    </message>
    <message>
        <source>MONITOR is running on this connection: stop it first</source>
        <translation>이 연결에서 MONITOR가 실행 중입니다. 먼저 중지하세요</translation>
    </message>
    <message>
        <source>the connection was closed</source>
        <translation>연결이 끊어졌습니다</translation>
    </message>
    <message>
        <source>Replies are off: CLIENT REPLY ON turns them on again.</source>
        <translation>응답이 꺼져 있습니다. CLIENT REPLY ON으로 다시 켭니다.</translation>
    </message>
    <message>
        <source>The next command gets no reply.</source>
        <translation>다음 명령에는 응답하지 않습니다.</translation>
    </message>
    <message>
        <source>Sent without asking for a reply.</source>
        <translation>보냈으며 응답을 요청하지 않았습니다.</translation>
    </message>
    <message>
        <source>The reply arrives in the stream.</source>
        <translation>응답은 스트림으로 옵니다.</translation>
    </message>
    <message>
        <source>continues below</source>
        <translation>아래에서 계속</translation>
    </message>
    <message>
        <source>reconnected</source>
        <translation>새로 열림</translation>
    </message>
    <message>
        <source>%1 redirected it once to %2 (slot %3 is being migrated)</source>
        <translation>%1이(가) 이번 한 번 %2(으)로 보냈습니다(슬롯 %3 이동 중)</translation>
    </message>
    <message>
        <source>%1 redirected it to %2, which owns slot %3</source>
        <translation>%1이(가) 슬롯 %3을(를) 가진 %2(으)로 보냈습니다</translation>
    </message>
    <message>
        <source>stopped by you; the server may have executed it</source>
        <translation>사용자가 중지함, 서버에서 실행되었을 수 있음</translation>
    </message>
    <message>
        <source>stopped by you before it was sent</source>
        <translation>보내기 전에 사용자가 중지함</translation>
    </message>
</context>
<context>
    <name>slotscope::ConsoleTab</name>
    <message>
        <source>attribute: %1</source>
        <translation>속성: %1</translation>
    </message>
    <message>
        <source>a tab shows the stream of one node: choose a node as the target. The pages Profiler (MONITOR) and Pub/Sub show the streams of several nodes</source>
        <translation>탭은 한 노드의 스트림만 표시합니다. 대상으로 노드를 선택하세요. 여러 노드의 스트림은 프로파일러(MONITOR)와 Pub/Sub 페이지에서 볼 수 있습니다</translation>
    </message>
</context>
<context>
    <name>slotscope::ConsoleTab::Shared</name>
    <message>
        <source>No subscription is active any more.</source>
        <translation>남은 구독이 없습니다.</translation>
    </message>
    <message>
        <source>The connection to %1 was closed, and the transaction with it.</source>
        <translation>%1 연결이 끊어져 트랜잭션도 끝났습니다.</translation>
    </message>
    <message>
        <source>the connection was closed</source>
        <translation>연결이 끊어졌습니다</translation>
    </message>
</context>
<context>
    <name>slotscope::ConsoleTabView</name>
    <message>
        <source>Line %1, column %2: %3. Nothing was sent.</source>
        <translation>%1번째 줄, %2번째 열: %3. 아무것도 보내지 않았습니다.</translation>
    </message>
    <message numerus="yes">
        <source>Stopped at line %1: %n more command(s) were not sent.</source>
        <translation>
            <numerusform>%1번째 줄에서 멈췄습니다. 명령 %n개를 보내지 않았습니다.</numerusform>
        </translation>
    </message>
    <message>
        <source>Copied: %1</source>
        <translation>복사함: %1</translation>
    </message>
    <message>
        <source>Insert into the editor</source>
        <translation>편집기에 넣기</translation>
    </message>
    <message>
        <source>Copy the command</source>
        <translation>명령 복사</translation>
    </message>
    <message>
        <source>Copy as text</source>
        <translation>텍스트로 복사</translation>
    </message>
    <message>
        <source>Copy as JSON</source>
        <translation>JSON으로 복사</translation>
    </message>
    <message>
        <source>Copy as CSV</source>
        <translation>CSV로 복사</translation>
    </message>
    <message>
        <source>Save as text…</source>
        <translation>텍스트로 저장…</translation>
    </message>
    <message>
        <source>Save as JSON…</source>
        <translation>JSON으로 저장…</translation>
    </message>
    <message>
        <source>Save as CSV…</source>
        <translation>CSV로 저장…</translation>
    </message>
    <message>
        <source>Run as %1 commands</source>
        <translation>명령 %1개로 나누어 실행</translation>
    </message>
    <message>
        <source>Copy the ACL command</source>
        <translation>ACL 명령 복사</translation>
    </message>
    <message>
        <source>Show all rows</source>
        <translation>모든 행 보기</translation>
    </message>
    <message>
        <source>Only differences</source>
        <translation>차이만 보기</translation>
    </message>
    <message>
        <source>Unfold</source>
        <translation>펼치기</translation>
    </message>
    <message>
        <source>Fold</source>
        <translation>접기</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>제거</translation>
    </message>
    <message>
        <source>Save the reply</source>
        <translation>응답 저장</translation>
    </message>
    <message>
        <source>The reply was copied.</source>
        <translation>응답을 복사했습니다.</translation>
    </message>
    <message>
        <source>The reply was saved to %1.</source>
        <translation>응답을 %1에 저장했습니다.</translation>
    </message>
    <message>
        <source>Where commands are sent</source>
        <translation>명령을 보낼 위치</translation>
    </message>
    <message>
        <source>redis-cli</source>
        <translation>redis-cli</translation>
    </message>
    <message>
        <source>Tree</source>
        <translation>트리</translation>
    </message>
    <message>
        <source>Table</source>
        <translation>표</translation>
    </message>
    <message>
        <source>JSON</source>
        <translation>JSON</translation>
    </message>
    <message>
        <source>Bytes</source>
        <translation>바이트</translation>
    </message>
    <message>
        <source>How replies are shown</source>
        <translation>응답 표시 방식</translation>
    </message>
    <message>
        <source>Follow redirects</source>
        <translation>리다이렉트 따라가기</translation>
    </message>
    <message>
        <source>Follow MOVED and ASK to the node that they name</source>
        <translation>MOVED와 ASK: 알려 준 노드로 이어서 보냅니다</translation>
    </message>
    <message>
        <source>Repeat off</source>
        <translation>반복 안 함</translation>
    </message>
    <message>
        <source>Every %1 s</source>
        <translation>%1초마다</translation>
    </message>
    <message>
        <source>Find in replies</source>
        <translation>응답에서 찾기</translation>
    </message>
    <message>
        <source>Find in replies (Ctrl+F)</source>
        <translation>응답에서 찾기(Ctrl+F)</translation>
    </message>
    <message>
        <source>More</source>
        <translation>더 보기</translation>
    </message>
    <message>
        <source>RESP3 (for new connections)</source>
        <translation>RESP3(새 연결부터 적용)</translation>
    </message>
    <message>
        <source>RESP2 (for new connections)</source>
        <translation>RESP2(새 연결부터 적용)</translation>
    </message>
    <message>
        <source>Continue after an error</source>
        <translation>오류 후에도 계속</translation>
    </message>
    <message>
        <source>Clear the replies</source>
        <translation>응답 지우기</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>중지</translation>
    </message>
    <message>
        <source>Closes the connection that waits; the server may have executed the command (Ctrl+.)</source>
        <translation>대기 중인 연결을 끊습니다. 명령은 이미 실행되었을 수 있습니다(Ctrl+.)</translation>
    </message>
    <message>
        <source>As pipeline</source>
        <translation>파이프라인으로</translation>
    </message>
    <message>
        <source>Send all lines at once to one node</source>
        <translation>모든 줄을 한 노드로 한 번에 전송</translation>
    </message>
    <message>
        <source>Run all</source>
        <translation>모두 실행</translation>
    </message>
    <message>
        <source>Primary</source>
        <translation>프라이머리</translation>
    </message>
    <message>
        <source>Cluster, routed by key</source>
        <translation>클러스터, 키에 따라 라우팅</translation>
    </message>
    <message>
        <source>All primaries</source>
        <translation>모든 프라이머리</translation>
    </message>
    <message>
        <source>All replicas</source>
        <translation>모든 레플리카</translation>
    </message>
    <message>
        <source>All nodes</source>
        <translation>모든 노드</translation>
    </message>
    <message>
        <source>%1 (gone)</source>
        <translation>%1(사라짐)</translation>
    </message>
    <message>
        <source>Cluster, routed</source>
        <translation>클러스터, 자동 라우팅</translation>
    </message>
    <message>
        <source>MULTI · %1 queued</source>
        <translation>MULTI · 대기 %1개</translation>
    </message>
    <message>
        <source>MULTI</source>
        <translation>MULTI</translation>
    </message>
    <message>
        <source>MONITOR</source>
        <translation>MONITOR</translation>
    </message>
    <message>
        <source>SUBSCRIBE · %1</source>
        <translation>SUBSCRIBE · %1</translation>
    </message>
    <message>
        <source>replies off</source>
        <translation>응답 꺼짐</translation>
    </message>
    <message>
        <source>WATCH · %1</source>
        <translation>WATCH · %1</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>대기 중</translation>
    </message>
    <message>
        <source>db %1</source>
        <translation>db %1</translation>
    </message>
    <message>
        <source>Run line %1</source>
        <translation>%1번째 줄 실행</translation>
    </message>
    <message>
        <source>%1 elements</source>
        <translation>요소 %1개</translation>
    </message>
    <message>
        <source>%1 %2 of %3</source>
        <translation>%1 %2/%3</translation>
    </message>
    <message>
        <source>same slot</source>
        <translation>같은 슬롯</translation>
    </message>
    <message>
        <source>other slot</source>
        <translation>다른 슬롯</translation>
    </message>
    <message numerus="yes">
        <source>%n key(s)</source>
        <translation>
            <numerusform>키 %n개</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 of ≥ %2 keys, %3 ms scan</source>
        <translation>키 %2개 이상 중 %1개, 스캔 %3 ms</translation>
    </message>
    <message>
        <source>Column %1: %2</source>
        <translation>%1번째 열: %2</translation>
    </message>
    <message>
        <source>≠ %1 keys in %2 slots: most commands are refused then</source>
        <translation>≠ 키 %1개가 슬롯 %2개에 있음: 대부분의 명령이 거부됩니다</translation>
    </message>
    <message>
        <source>no node serves it</source>
        <translation>소유한 노드 없음</translation>
    </message>
    <message>
        <source>✓ 1 key in slot %1 · %2</source>
        <translation>✓ 슬롯 %1의 키 1개 · %2</translation>
    </message>
    <message>
        <source>✓ %1 keys, all in slot %2 · %3</source>
        <translation>✓ 키 %1개, 모두 슬롯 %2 · %3</translation>
    </message>
    <message>
        <source>Stop the running command</source>
        <translation>실행 중인 명령 중지</translation>
    </message>
    <message>
        <source>all primaries of %1</source>
        <translation>%1의 모든 프라이머리</translation>
    </message>
    <message>
        <source>all replicas of %1</source>
        <translation>%1의 모든 레플리카</translation>
    </message>
    <message>
        <source>all nodes of %1</source>
        <translation>%1의 모든 노드</translation>
    </message>
    <message>
        <source>the cluster at %1</source>
        <translation>%1의 클러스터</translation>
    </message>
    <message>
        <source>MULTI on %1</source>
        <translation>%1에서 MULTI</translation>
    </message>
</context>
<context>
    <name>slotscope::CopiesDialog</name>
    <message>
        <source>Read again</source>
        <translation>다시 읽기</translation>
    </message>
    <message>
        <source>Copies of %1</source>
        <translation>%1의 사본</translation>
    </message>
    <message>
        <source>Copies of the key</source>
        <translation>키의 사본</translation>
    </message>
    <message>
        <source>Node</source>
        <translation>노드</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>역할</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>타입</translation>
    </message>
    <message>
        <source>Length</source>
        <translation>길이</translation>
    </message>
    <message>
        <source>TTL</source>
        <translation>TTL</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>값</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>닫기</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>읽는 중…</translation>
    </message>
    <message>
        <source>replica</source>
        <translation>레플리카</translation>
    </message>
    <message>
        <source>primary</source>
        <translation>프라이머리</translation>
    </message>
    <message>
        <source>The shard has no replicas.</source>
        <translation>이 샤드에는 레플리카가 없습니다.</translation>
    </message>
    <message>
        <source>%1 of %2 replicas have the value of the primary.</source>
        <translation>레플리카 %2개 중 %1개가 프라이머리와 같은 값을 가지고 있습니다.</translation>
    </message>
</context>
<context>
    <name>slotscope::Copy</name>
    <message>
        <source>%1, %2 serialized, %3%4</source>
        <translation>%1, 직렬화 크기 %2, %3%4</translation>
    </message>
    <message>
        <source>no TTL</source>
        <translation>TTL 없음</translation>
    </message>
    <message>
        <source>TTL %1</source>
        <translation>TTL %1</translation>
    </message>
</context>
<context>
    <name>slotscope::Creation</name>
    <message>
        <source>no nodes were given</source>
        <translation>노드를 지정하지 않았습니다</translation>
    </message>
    <message>
        <source>%1 shall replicate %2, which is not a primary in the list</source>
        <translation>%1이(가) 복제할 %2은(는) 목록의 프라이머리가 아닙니다</translation>
    </message>
    <message>
        <source>no node is left to be a primary</source>
        <translation>프라이머리가 될 노드가 남아 있지 않습니다</translation>
    </message>
    <message>
        <source>Slots are assigned twice: %1</source>
        <translation>두 번 지정된 슬롯: %1</translation>
    </message>
    <message>
        <source>Assign each slot to a single primary.</source>
        <translation>각 슬롯을 프라이머리 하나에만 지정하세요.</translation>
    </message>
    <message>
        <source>Slots without an owner: %1</source>
        <translation>소유자 없는 슬롯: %1</translation>
    </message>
    <message>
        <source>Assign them to a primary.</source>
        <translation>프라이머리에 지정하세요.</translation>
    </message>
    <message>
        <source>%1 and %2 are two servers with the same node id</source>
        <translation>%1와(과) %2은(는) ID가 같은 서로 다른 서버입니다</translation>
    </message>
    <message>
        <source>%1 and %2 are the same node</source>
        <translation>%1와(과) %2은(는) 같은 노드입니다</translation>
    </message>
    <message>
        <source>Enter each node once.</source>
        <translation>노드를 한 번씩만 지정하세요.</translation>
    </message>
    <message>
        <source>The nodes run different versions</source>
        <translation>노드의 버전이 서로 다릅니다</translation>
    </message>
    <message>
        <source>All nodes that answer run the same version</source>
        <translation>응답하는 모든 노드의 버전이 같습니다</translation>
    </message>
    <message>
        <source>Some nodes require a password, others do not</source>
        <translation>일부 노드만 비밀번호를 요구합니다</translation>
    </message>
    <message>
        <source>Replication and slot migration would be refused. Set the same password on all nodes.</source>
        <translation>레플리카와 옮긴 슬롯이 거부됩니다. 모두 같은 비밀번호를 설정하세요.</translation>
    </message>
    <message>
        <source>cluster-node-timeout differs</source>
        <translation>cluster-node-timeout이 서로 다릅니다</translation>
    </message>
    <message>
        <source>The nodes would mark each other as failed at different times.</source>
        <translation>노드마다 장애로 판단하는 시점이 달라집니다.</translation>
    </message>
    <message>
        <source>Nodes that already have an epoch: %1</source>
        <translation>이전 기록이 있는 노드: %1</translation>
    </message>
    <message>
        <source>If epochs are equal, the servers resolve the conflict. CLUSTER RESET HARD makes a node fresh.</source>
        <translation>에포크가 이미 설정되어 있습니다. 같은 에포크는 서버가 해결합니다. CLUSTER RESET HARD로 새 노드로 만들 수 있습니다.</translation>
    </message>
    <message>
        <source>%1 primaries can hold elections</source>
        <translation>프라이머리 %1개가 서로 투표할 수 있습니다</translation>
    </message>
    <message>
        <source>With fewer than three primaries there is no automatic failover.</source>
        <translation>프라이머리가 셋보다 적으면 자동 페일오버가 일어나지 않습니다.</translation>
    </message>
    <message>
        <source>Only %1 primaries</source>
        <translation>프라이머리가 %1개뿐입니다</translation>
    </message>
    <message>
        <source>Add nodes or use fewer replicas: with %1 per primary, %2 nodes are needed.</source>
        <translation>노드를 늘리거나 레플리카를 줄이세요. 프라이머리마다 %1개면 노드 %2개가 필요합니다.</translation>
    </message>
    <message>
        <source>%1 replicas are on the same host or in the same zone as their primary</source>
        <translation>레플리카 %1개가 프라이머리와 같은 호스트 또는 영역에 있습니다</translation>
    </message>
    <message>
        <source>If that host or zone fails, primary and replica are both lost. Use more hosts, or other labels.</source>
        <translation>장애가 나면 프라이머리와 레플리카를 모두 잃습니다. 호스트를 늘리거나 영역 이름을 바꾸면 피할 수 있습니다.</translation>
    </message>
    <message>
        <source>No replica is on the host or in the zone of its primary</source>
        <translation>프라이머리와 같은 호스트 또는 영역에 있는 레플리카가 없습니다</translation>
    </message>
    <message>
        <source>%1 pairs of replicas of the same primary share a host or zone</source>
        <translation>같은 프라이머리의 레플리카 %1쌍이 호스트 또는 영역을 함께 씁니다</translation>
    </message>
    <message>
        <source>Both replicas of such a pair fail together.</source>
        <translation>장애가 나면 함께 중단됩니다.</translation>
    </message>
    <message>
        <source>There are no replicas</source>
        <translation>레플리카가 없습니다</translation>
    </message>
    <message>
        <source>If a primary fails, its slots are not served.</source>
        <translation>노드에 장애가 나면 슬롯도 함께 중단됩니다.</translation>
    </message>
    <message>
        <source>Assign the slots to the primaries</source>
        <translation>프라이머리에 슬롯 할당</translation>
    </message>
    <message>
        <source>Give each node a different config epoch</source>
        <translation>노드마다 고유한 에포크 부여</translation>
    </message>
    <message>
        <source>Introduce the nodes to each other</source>
        <translation>노드를 서로 소개</translation>
    </message>
    <message>
        <source>If a cluster bus port is blocked, some nodes do not join; then all nodes are reset again.</source>
        <translation>버스 포트가 막혀 있으면 일부가 참여하지 못하며, 그때는 노드를 다시 비웁니다.</translation>
    </message>
    <message>
        <source>Wait until every node knows all the others</source>
        <translation>모든 노드가 서로를 알 때까지 대기</translation>
    </message>
    <message>
        <source>Let each node announce itself to all others</source>
        <translation>각 노드가 다른 노드에 자신을 알림</translation>
    </message>
    <message>
        <source>Assign the replicas to their primaries</source>
        <translation>레플리카에 프라이머리 지정</translation>
    </message>
    <message>
        <source>Wait until all nodes see %1 as a replica of %2</source>
        <translation>%1이(가) %2을(를) 복제한다고 모두가 말할 때까지 대기</translation>
    </message>
    <message>
        <source>Wait until the replication links are up</source>
        <translation>레플리카가 연결될 때까지 대기</translation>
    </message>
    <message>
        <source>All %1 replication links are up</source>
        <translation>복제 링크 %1개가 모두 연결되어 있습니다</translation>
    </message>
    <message>
        <source>Create a cluster of %1 primaries and %2 replicas</source>
        <translation>프라이머리 %1개와 레플리카 %2개로 클러스터 만들기</translation>
    </message>
    <message>
        <source>Wait until all nodes agree and the cluster is ok</source>
        <translation>모든 노드가 일치하고 클러스터가 정상이 될 때까지 대기</translation>
    </message>
    <message>
        <source>Every node knows all %1 nodes and shows the same topology</source>
        <translation>모든 노드가 노드 %1개를 모두 알고 같은 내용을 말합니다</translation>
    </message>
</context>
<context>
    <name>slotscope::Cursor</name>
    <message>
        <source>the data ends %1 byte(s) too early</source>
        <translation>데이터가 %1바이트 일찍 끝납니다</translation>
    </message>
    <message>
        <source>the end of a text is missing</source>
        <translation>텍스트의 끝이 없습니다</translation>
    </message>
    <message>
        <source>a number has more than 64 bits</source>
        <translation>숫자가 64비트를 넘습니다</translation>
    </message>
</context>
<context>
    <name>slotscope::DemoTab</name>
    <message>
        <source>demo</source>
        <translation>데모</translation>
    </message>
    <message>
        <source>Starting the demo cluster</source>
        <translation>데모 클러스터를 시작하는 중</translation>
    </message>
    <message>
        <source>Six servers on this computer, with the sample data of a shop. They are stopped when this tab is closed.</source>
        <translation>이 컴퓨터에서 쇼핑몰 예제 데이터가 든 서버 6대를 실행합니다. 이 탭을 닫으면 종료됩니다.</translation>
    </message>
    <message>
        <source>The demo cluster could not be started</source>
        <translation>데모 클러스터를 시작하지 못했습니다</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>다시 시도</translation>
    </message>
</context>
<context>
    <name>slotscope::DoctorCard</name>
    <message>
        <source>Latency</source>
        <translation>지연 시간</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>메모리</translation>
    </message>
    <message>
        <source>Slow log of this node</source>
        <translation>이 노드의 슬로우 로그</translation>
    </message>
    <message>
        <source>Node to diagnose</source>
        <translation>진단할 노드</translation>
    </message>
    <message>
        <source>Kind of diagnosis</source>
        <translation>진단 종류</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>복사</translation>
    </message>
    <message>
        <source>Copy the diagnosis</source>
        <translation>진단 내용 복사</translation>
    </message>
    <message>
        <source>Original text of the server</source>
        <translation>서버의 원문 그대로</translation>
    </message>
    <message>
        <source>Doctor</source>
        <translation>닥터</translation>
    </message>
    <message>
        <source>The latency monitor of this node is off: it records nothing.</source>
        <translation>이 노드의 지연 시간 모니터가 꺼져 있어 아무것도 기록하지 않습니다.</translation>
    </message>
    <message>
        <source>%1 blocked the server for at most %2 ms; most recently for %3 ms, %4.%5</source>
        <translation>%1: 최대 %2 ms 동안 서버를 멈췄습니다. 최근에는 %3 ms, %4.%5</translation>
    </message>
    <message>
        <source> Meaning: %1.</source>
        <translation> 내용: %1.</translation>
    </message>
    <message>
        <source>Choose a node above.</source>
        <translation>위에서 노드를 선택하세요.</translation>
    </message>
    <message>
        <source>It needs %1.</source>
        <translation>필요한 권한: %1.</translation>
    </message>
    <message>
        <source>Original text of the server, read at %1</source>
        <translation>서버의 원문 그대로, %1에 읽음</translation>
    </message>
</context>
<context>
    <name>slotscope::DocumentPaths</name>
    <message>
        <source>Edit at this path…</source>
        <translation>이 경로에서 편집…</translation>
    </message>
    <message>
        <source>Add…</source>
        <translation>추가…</translation>
    </message>
    <message>
        <source>Delete…</source>
        <translation>삭제…</translation>
    </message>
    <message>
        <source>Copy the path</source>
        <translation>경로 복사</translation>
    </message>
    <message>
        <source>Add an item…</source>
        <translation>항목 추가…</translation>
    </message>
    <message>
        <source>Add a member…</source>
        <translation>멤버 추가…</translation>
    </message>
    <message>
        <source>The path %1 does not match one value: the document may have changed. Read it again.</source>
        <translation>경로 %1이(가) 값 하나와 일치하지 않습니다. 문서가 바뀌었을 수 있습니다. 다시 읽으십시오.</translation>
    </message>
    <message>
        <source>Edit at a path</source>
        <translation>경로에서 편집</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>저장</translation>
    </message>
    <message>
        <source>JSON value</source>
        <translation>JSON 값</translation>
    </message>
    <message>
        <source>Add a member</source>
        <translation>멤버 추가</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>추가</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>이름</translation>
    </message>
    <message>
        <source>Add an item</source>
        <translation>항목 추가</translation>
    </message>
    <message>
        <source>Add at the end</source>
        <translation>끝에 추가</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>삭제</translation>
    </message>
    <message>
        <source>Delete %1 from the document?

%2</source>
        <translation>문서에서 %1을(를) 삭제하시겠습니까?

%2</translation>
    </message>
    <message>
        <source>Keep it</source>
        <translation>유지</translation>
    </message>
    <message>
        <source>The part at %1 has %2. Choose a smaller part, or edit the text.</source>
        <translation>%1 부분의 크기는 %2입니다. 더 작은 부분을 선택하거나 텍스트를 편집하십시오.</translation>
    </message>
</context>
<context>
    <name>slotscope::DrillPicture</name>
    <message>
        <source>Time line of the drill</source>
        <translation>훈련의 타임라인</translation>
    </message>
    <message>
        <source>reply time</source>
        <translation>응답 시간</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1초</translation>
    </message>
    <message>
        <source>%1, %2, %3</source>
        <translation>%1, %2, %3</translation>
    </message>
    <message>
        <source>%1 %2: %3</source>
        <translation>%1 %2: %3</translation>
    </message>
    <message>
        <source>%1: %2 of %3 writes were acknowledged</source>
        <translation>%1: 쓰기 %3개 중 %2개가 승인됨</translation>
    </message>
</context>
<context>
    <name>slotscope::DrillPlanner</name>
    <message>
        <source>Choose a shard, or a host with nodes of this cluster.</source>
        <translation>샤드나 이 클러스터의 노드가 있는 호스트를 선택하세요.</translation>
    </message>
    <message>
        <source>No primary with slots is affected</source>
        <translation>슬롯을 가진 프라이머리가 해당되지 않습니다</translation>
    </message>
    <message>
        <source>There would be nothing to measure.</source>
        <translation>측정할 것이 없습니다.</translation>
    </message>
    <message>
        <source>%1 does not answer</source>
        <translation>%1이(가) 응답하지 않습니다</translation>
    </message>
    <message>
        <source>Before a drill, the cluster must be ok.</source>
        <translation>훈련은 온전한 클러스터에서 시작합니다.</translation>
    </message>
    <message>
        <source>No replica can take over shard %1</source>
        <translation>샤드 %1을(를) 넘겨받을 레플리카가 없습니다</translation>
    </message>
    <message>
        <source>Its %1 are not served until %2 is back.</source>
        <translation>%2이(가) 돌아올 때까지 %1이 서비스되지 않습니다.</translation>
    </message>
    <message>
        <source>Its %1 would not be served, and writes that %2 has not saved would be lost. Add a replica first.</source>
        <translation>%1이 서비스되지 않고, %2이(가) 저장하지 않은 것은 사라집니다. 먼저 레플리카를 추가하세요.</translation>
    </message>
    <message>
        <source>A graceful failover needs a replica that answers and whose replication link is up.</source>
        <translation>정상 페일오버에는 응답하고 연결된 레플리카가 필요합니다.</translation>
    </message>
    <message>
        <source>Shard %1: %2 is likely to take over</source>
        <translation>샤드 %1: %2이(가) 넘겨받을 가능성이 높습니다</translation>
    </message>
    <message>
        <source>It lags least of the %1 remaining replicas; the servers decide which one is elected.</source>
        <translation>남는 레플리카 %1개 중 가장 덜 뒤처져 있습니다. 누구를 선출할지는 서버가 정합니다.</translation>
    </message>
    <message>
        <source>It is the only remaining replica.</source>
        <translation>남는 유일한 레플리카입니다.</translation>
    </message>
    <message>
        <source>Shard %1 has no replica while %2 is away</source>
        <translation>%2이(가) 없는 동안 샤드 %1에 레플리카가 없습니다</translation>
    </message>
    <message>
        <source>If %1 fails during that time, its slots are not served.</source>
        <translation>그동안 %1이(가) 실패하면 그 슬롯은 서비스되지 않습니다.</translation>
    </message>
    <message>
        <source>%1 of %2 primaries with slots remain</source>
        <translation>슬롯을 가진 프라이머리 %2개 중 %1개가 남음</translation>
    </message>
    <message>
        <source>A majority can vote: %1</source>
        <translation>과반수가 투표할 수 있음: %1</translation>
    </message>
    <message>
        <source>Without a majority no replica is elected: only %1</source>
        <translation>과반수가 없으면 아무도 선출되지 않음: %1뿐</translation>
    </message>
    <message>
        <source>The whole cluster would stop serving until the nodes are back. Choose one shard, or a host with fewer primaries.</source>
        <translation>노드가 돌아올 때까지 클러스터 전체가 서비스를 멈춥니다. 샤드 하나나 프라이머리가 더 적은 호스트를 선택하세요.</translation>
    </message>
    <message>
        <source>%1 is shorter than the node timeout of %2</source>
        <translation>%1은(는) 노드 타임아웃 %2보다 짧습니다</translation>
    </message>
    <message>
        <source>The server would be started before a replica has taken over. Without persistence it would come back empty, and its replicas would copy that. Choose a longer time.</source>
        <translation>레플리카가 넘겨받기 전에 서버가 시작됩니다. 저장하지 않는 서버는 빈 상태로 돌아오고 레플리카도 그것을 따릅니다. 더 긴 시간을 선택하세요.</translation>
    </message>
    <message>
        <source>No replica takes over; clients wait until the pause is over.</source>
        <translation>아무도 넘겨받지 않으며, 클라이언트는 끝날 때까지 기다립니다.</translation>
    </message>
    <message>
        <source>No replica will take over</source>
        <translation>아무도 넘겨받지 않습니다</translation>
    </message>
    <message>
        <source>CLIENT PAUSE delays clients, not the cluster bus: the other nodes notice nothing. This rehearses clients that wait. The pause cannot be ended early: CLIENT UNPAUSE is delayed too.</source>
        <translation>CLIENT PAUSE는 클라이언트를 붙잡지만 클러스터 버스는 막지 않으므로 다른 노드는 이상을 느끼지 못합니다. 기다리는 클라이언트를 연습합니다. CLIENT UNPAUSE도 기다리므로 일찍 끝낼 수 없습니다.</translation>
    </message>
    <message>
        <source>%1 does not permit DEBUG</source>
        <translation>%1이(가) DEBUG를 허용하지 않습니다</translation>
    </message>
    <message>
        <source>Its enable-debug-command is no; change it in the configuration file and restart the server.</source>
        <translation>enable-debug-command가 no입니다. 설정 파일에서 정하며 재시작이 필요합니다.</translation>
    </message>
    <message>
        <source>%1 permits DEBUG only from its own machine</source>
        <translation>%1은(는) 자신의 컴퓨터에서만 DEBUG를 허용합니다</translation>
    </message>
    <message>
        <source>If Slotscope runs on another machine, the server refuses, and nothing happens.</source>
        <translation>우리가 그곳에 없으면 거부하며 아무 일도 일어나지 않습니다.</translation>
    </message>
    <message>
        <source>It is not known whether %1 permits DEBUG</source>
        <translation>%1이(가) DEBUG를 허용하는지 알 수 없습니다</translation>
    </message>
    <message>
        <source>The server did not report enable-debug-command, which exists since version 7.0.</source>
        <translation>enable-debug-command를 알려 주지 않았습니다. 7.0 이전 버전에는 없습니다.</translation>
    </message>
    <message>
        <source>%1 permits DEBUG</source>
        <translation>%1이(가) DEBUG를 허용합니다</translation>
    </message>
    <message>
        <source>A command seems to contain a password (%1)</source>
        <translation>명령에 비밀번호가 들어 있는 것 같습니다(%1)</translation>
    </message>
    <message>
        <source>It would be visible in the journal and in the process list. Put it into a script or a file that only you can read.</source>
        <translation>저널과 프로세스 목록에 남게 됩니다. 스크립트나 본인만 읽을 수 있는 파일에 넣으세요.</translation>
    </message>
    <message>
        <source>Two commands are needed: one that stops the server, one that starts it again</source>
        <translation>명령이 두 개 필요합니다: 서버를 중지하는 것과 다시 시작하는 것</translation>
    </message>
    <message>
        <source>{host}, {port} and {id} are replaced by those of the node. No shell is used.</source>
        <translation>{host}, {port}, {id}는 노드의 값으로 바뀝니다. 셸은 쓰지 않습니다.</translation>
    </message>
    <message>
        <source>The commands cannot be built for %1</source>
        <translation>%1의 명령을 만들 수 없습니다</translation>
    </message>
    <message>
        <source>Runs on this computer, as your user, to stop %1: %2</source>
        <translation>%1을(를) 중지하기 위해 이 컴퓨터에서 본인 권한으로 실행: %2</translation>
    </message>
    <message>
        <source>The other shards stop serving too while this shard is not served</source>
        <translation>이 샤드가 서비스되지 않는 동안 다른 샤드도 서비스를 멈춥니다</translation>
    </message>
    <message>
        <source>cluster-require-full-coverage is yes: from the moment when the primary is marked as failed until a replica is elected, every node replies CLUSTERDOWN.</source>
        <translation>cluster-require-full-coverage가 yes입니다. 프라이머리가 실패로 판단된 때부터 레플리카가 선출될 때까지 모든 노드가 CLUSTERDOWN으로 응답합니다.</translation>
    </message>
    <message>
        <source>%1 of shard %2</source>
        <translation>샤드 %2의 %1</translation>
    </message>
    <message>
        <source>Forecast: writes to %1 are delayed for a moment, usually less than a second.</source>
        <translation>예측: %1에 대한 쓰기가 잠시, 대개 1초 미만 기다립니다.</translation>
    </message>
    <message>
        <source>Forecast: %1 are not served for about %2 to %3 (node timeout %4, then an election).</source>
        <translation>예측: %1이 약 %2에서 %3 동안 서비스되지 않습니다(노드 타임아웃 %4, 그 뒤 선출).</translation>
    </message>
    <message>
        <source>Forecast: %1 are not served for about %2.</source>
        <translation>예측: %1이 약 %2 동안 서비스되지 않습니다.</translation>
    </message>
    <message>
        <source>A probe writes 50 small keys per second to each of these shards and, for comparison, to one other shard, reads them, and deletes them at the end; they expire after an hour in any case.</source>
        <translation>프로브가 이 샤드들과 다른 샤드 하나에 작은 키를 초당 50개 쓰고 읽으며 끝에 지웁니다. 어쨌든 한 시간 뒤에 만료됩니다.</translation>
    </message>
    <message>
        <source>Times are as exact as the polling interval: ten times per second, with up to 100 nodes.</source>
        <translation>시각의 정확도는 노드에 묻는 간격과 같습니다: 노드 100개까지 초당 열 번.</translation>
    </message>
    <message>
        <source>Client writes to %1 that have not been sent to a replica when it becomes unavailable are lost.</source>
        <translation>클라이언트가 %1에 쓴 것 중 제거될 때까지 레플리카에 보내지 못한 것은 사라집니다.</translation>
    </message>
    <message>
        <source>Measure while a replica takes over from %1</source>
        <translation>레플리카가 %1에게서 넘겨받는 동안 측정</translation>
    </message>
    <message>
        <source>Measure while %1 delays its clients for %2</source>
        <translation>%1이(가) 클라이언트를 %2 동안 붙잡는 동안 측정</translation>
    </message>
    <message>
        <source>Measure while %1 stalls for %2</source>
        <translation>%1이(가) %2 동안 정지한 동안 측정</translation>
    </message>
    <message>
        <source>Measure while %1 is stopped, for at most %2</source>
        <translation>%1이(가) 최대 %2 동안 중지된 동안 측정</translation>
    </message>
    <message>
        <source>The pause cannot be ended early.</source>
        <translation>일시 정지는 누구도 일찍 끝낼 수 없습니다.</translation>
    </message>
    <message>
        <source>The nodes are really unavailable. If the election does not succeed, the slots are not served until they are back.</source>
        <translation>노드가 실제로 제거됩니다. 선출이 이루어지지 않으면 노드가 돌아올 때까지 슬롯이 서비스되지 않습니다.</translation>
    </message>
    <message>
        <source>Start %1 again if it does not answer</source>
        <translation>%1이(가) 응답하지 않으면 다시 시작</translation>
    </message>
    <message>
        <source>Wait until %1 answers</source>
        <translation>%1의 응답을 기다림</translation>
    </message>
    <message>
        <source>Wait until every node agrees and the replication links are up</source>
        <translation>모든 노드가 일치하고 레플리카가 연결될 때까지 기다림</translation>
    </message>
    <message>
        <source>%1 becomes the primary again</source>
        <translation>%1이(가) 다시 프라이머리가 됨</translation>
    </message>
    <message>
        <source>%1 is the primary, as before</source>
        <translation>%1이(가) 이전처럼 프라이머리임</translation>
    </message>
    <message>
        <source>Check every acknowledged write and delete the probe&apos;s keys</source>
        <translation>승인된 모든 쓰기를 확인하고 프로브의 키를 지움</translation>
    </message>
    <message>
        <source>every write of the probe that the replicas had acknowledged still exists</source>
        <translation>레플리카가 승인한 프로브의 모든 쓰기가 있음</translation>
    </message>
    <message>
        <source>Drill: %1 becomes unavailable</source>
        <translation>훈련: %1 제거</translation>
    </message>
    <message>
        <source>Drill: host %1 becomes unavailable</source>
        <translation>훈련: 호스트 %1 제거</translation>
    </message>
    <message>
        <source>Drill: a replica takes over from %1</source>
        <translation>훈련: 레플리카가 %1에게서 넘겨받음</translation>
    </message>
    <message>
        <source>Drill: clients of %1 wait</source>
        <translation>훈련: %1의 클라이언트가 기다림</translation>
    </message>
    <message>
        <source>A replica may or may not take over within %1</source>
        <translation>%1 안에 복제본이 넘겨받을 수도, 아닐 수도 있습니다</translation>
    </message>
    <message>
        <source>With a node timeout of %1, a node is marked as failed after %1 to %2; then the election follows.</source>
        <translation>노드 타임아웃이 %1이면 노드는 %1~%2 뒤에 실패로 판정되고, 그다음 선출이 이루어집니다.</translation>
    </message>
    <message>
        <source>Program “%1” not found on this computer</source>
        <translation>이 컴퓨터에 프로그램 “%1”이(가) 없습니다</translation>
    </message>
    <message>
        <source>A command begins with the name of a program on this computer; no shell is used.</source>
        <translation>명령은 이 컴퓨터의 프로그램으로 시작합니다. 셸은 쓰지 않습니다.</translation>
    </message>
    <message>
        <source>To start it again after a replica has taken over, even if the drill is stopped or fails: %1. The first command must end within %2, the second may keep running as the server; no shell is used.</source>
        <translation>복제본이 넘겨받은 뒤 다시 시작하는 명령(훈련이 중지되거나 실패해도): %1. 첫째는 %2 안에 끝나야 하고 둘째는 서버로 계속 실행될 수 있습니다. 셸은 쓰지 않습니다.</translation>
    </message>
    <message>
        <source>Not measured, because the probe writes to at most eight shards: shard %1.</source>
        <translation>탐침은 최대 여덟 샤드에 쓰므로 측정하지 않음: 샤드 %1.</translation>
    </message>
</context>
<context>
    <name>slotscope::DrillView</name>
    <message>
        <source>Shard %1 · control</source>
        <translation>샤드 %1 · 대조</translation>
    </message>
    <message>
        <source>Shard %1</source>
        <translation>샤드 %1</translation>
    </message>
    <message>
        <source>Events of the drill</source>
        <translation>훈련에서 일어난 일</translation>
    </message>
    <message>
        <source>Shard</source>
        <translation>샤드</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>시각</translation>
    </message>
    <message>
        <source>Within</source>
        <translation>오차 범위</translation>
    </message>
    <message>
        <source>What</source>
        <translation>사건</translation>
    </message>
    <message>
        <source>Detail</source>
        <translation>자세히</translation>
    </message>
    <message>
        <source>Time line</source>
        <translation>타임라인</translation>
    </message>
</context>
<context>
    <name>slotscope::DrillWatch</name>
    <message>
        <source>no connection</source>
        <translation>연결 없음</translation>
    </message>
    <message>
        <source>no answer</source>
        <translation>응답 없음</translation>
    </message>
</context>
<context>
    <name>slotscope::Edit</name>
    <message>
        <source>%1 and %2</source>
        <translation>%1 및 %2</translation>
    </message>
    <message>
        <source>%1 in one MULTI</source>
        <translation>%1, MULTI 하나로</translation>
    </message>
    <message>
        <source>%1 in one MULTI, unless someone changes it in between</source>
        <translation>%1, 그 사이 변경되지 않았다면 MULTI 하나로</translation>
    </message>
    <message>
        <source>%1, unless someone changes it in between</source>
        <translation>%1, 그 사이 변경되지 않았다면</translation>
    </message>
</context>
<context>
    <name>slotscope::EditSender</name>
    <message>
        <source>there is no connection</source>
        <translation>연결이 없습니다</translation>
    </message>
    <message>
        <source>Change %1?</source>
        <translation>%1을(를) 변경할까요?</translation>
    </message>
    <message>
        <source>%1 is marked as production.</source>
        <translation>%1은(는) 프로덕션으로 표시되어 있습니다.</translation>
    </message>
    <message>
        <source>%1 will be sent.</source>
        <translation>%1 명령을 보냅니다.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <source>Change it</source>
        <translation>변경</translation>
    </message>
</context>
<context>
    <name>slotscope::ElementDelegate</name>
    <message>
        <source>“%1” is not a score: enter a number such as 1.5, or inf.</source>
        <translation>“%1”은(는) 점수가 아닙니다. 1.5와 같은 숫자나 inf를 입력하십시오.</translation>
    </message>
</context>
<context>
    <name>slotscope::ElementDialog</name>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <source>The escape sequences are not valid.</source>
        <translation>이스케이프 형식이 올바르지 않습니다.</translation>
    </message>
</context>
<context>
    <name>slotscope::Endpoint</name>
    <message>
        <source>“%1”: the port is missing</source>
        <translation>“%1”: 포트가 없습니다</translation>
    </message>
    <message>
        <source>“%1” is not an address: write [IPv6]:port</source>
        <translation>“%1”은(는) 주소가 아닙니다. [IPv6]:포트로 쓰십시오</translation>
    </message>
    <message>
        <source>“%1” is not an address: write host:port</source>
        <translation>“%1”은(는) 주소가 아닙니다. 호스트:포트로 쓰십시오</translation>
    </message>
</context>
<context>
    <name>slotscope::EntryCard</name>
    <message>
        <source>KEYS reads every key of the node.</source>
        <translation>KEYS는 노드의 모든 키를 읽습니다.</translation>
    </message>
    <message>
        <source>SCAN with MATCH returns the same keys in small steps.</source>
        <translation>SCAN에 MATCH를 쓰면 같은 키를 조금씩 나누어 얻을 수 있습니다.</translation>
    </message>
    <message>
        <source>SMEMBERS returns the whole set.</source>
        <translation>SMEMBERS는 집합 전체를 보냅니다.</translation>
    </message>
    <message>
        <source>SSCAN reads the set in small steps.</source>
        <translation>SSCAN은 조금씩 나누어 읽습니다.</translation>
    </message>
    <message>
        <source>HGETALL returns the whole hash.</source>
        <translation>HGETALL은 해시 전체를 보냅니다.</translation>
    </message>
    <message>
        <source>HMGET reads only the fields that are needed; HSCAN reads in small steps.</source>
        <translation>HMGET은 필요한 필드만 지정하고 HSCAN은 조금씩 나누어 읽습니다.</translation>
    </message>
    <message>
        <source>DEL frees the memory before it replies.</source>
        <translation>DEL은 메모리를 해제한 뒤에 응답합니다.</translation>
    </message>
    <message>
        <source>UNLINK frees the memory of large keys in another thread.</source>
        <translation>UNLINK는 큰 키의 메모리를 다른 스레드에서 해제합니다.</translation>
    </message>
    <message>
        <source>FLUSHALL frees all memory before it replies.</source>
        <translation>FLUSHALL은 모든 메모리를 해제한 뒤에 응답합니다.</translation>
    </message>
    <message>
        <source>FLUSHALL ASYNC frees it in another thread.</source>
        <translation>FLUSHALL ASYNC는 다른 스레드에서 해제합니다.</translation>
    </message>
    <message>
        <source>SORT reads the whole key each time.</source>
        <translation>SORT는 매번 키 전체를 읽습니다.</translation>
    </message>
    <message>
        <source>A sorted set keeps its order; or sort in the client.</source>
        <translation>정렬된 집합은 순서를 유지합니다. 또는 결과를 사용하는 쪽에서 정렬하세요.</translation>
    </message>
    <message>
        <source>Copy the command as a line for redis-cli</source>
        <translation>redis-cli용 명령줄로 복사</translation>
    </message>
    <message>
        <source>Show the node in Topology</source>
        <translation>토폴로지에서 노드 보기</translation>
    </message>
    <message>
        <source>Choose an entry, or click a dot, to see the whole command and who sent it.</source>
        <translation>엔트리를 고르거나 점을 클릭하면 전체 명령과 보낸 클라이언트가 여기에 표시됩니다.</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>명령</translation>
    </message>
    <message>
        <source>Took</source>
        <translation>소요 시간</translation>
    </message>
    <message>
        <source>Logged</source>
        <translation>기록 시각</translation>
    </message>
    <message>
        <source>Node</source>
        <translation>노드</translation>
    </message>
    <message>
        <source>Client</source>
        <translation>클라이언트</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>이름</translation>
    </message>
    <message>
        <source>Node&apos;s clock</source>
        <translation>서버 시계</translation>
    </message>
    <message>
        <source>Truncated</source>
        <translation>잘림</translation>
    </message>
    <message>
        <source>Entry %1</source>
        <translation>엔트리 %1</translation>
    </message>
    <message>
        <source>No entry selected</source>
        <translation>선택한 엔트리 없음</translation>
    </message>
    <message>
        <source>of %1</source>
        <translation>%1</translation>
    </message>
    <message>
        <source>%1 µs</source>
        <translation>%1 µs</translation>
    </message>
    <message>
        <source>%1 bytes</source>
        <translation>%1바이트</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1 (%2)</translation>
    </message>
    <message>
        <source>%1 ahead of this computer: corrected</source>
        <translation>이 컴퓨터보다 %1 빠름: 보정됨</translation>
    </message>
    <message>
        <source>%1 behind this computer: corrected</source>
        <translation>이 컴퓨터보다 %1 느림: 보정됨</translation>
    </message>
    <message>
        <source>The server kept only a part of the command.</source>
        <translation>서버가 명령의 일부만 보관했습니다.</translation>
    </message>
    <message>
        <source>The node could run nothing else for %1.</source>
        <translation>%1 동안 노드에서 다른 명령이 실행되지 못했습니다.</translation>
    </message>
</context>
<context>
    <name>slotscope::Error</name>
    <message>
        <source>Stopped</source>
        <translation>중지됨</translation>
    </message>
    <message>
        <source>No reply in time</source>
        <translation>제시간에 응답이 없습니다</translation>
    </message>
    <message>
        <source>The server may be frozen or overloaded, or a firewall drops the packets. Check host and port, or raise the timeout.</source>
        <translation>서버가 멈췄거나 과부하 상태이거나 방화벽이 패킷을 버리고 있을 수 있습니다. 호스트와 포트를 확인하거나 제한 시간을 늘리세요.</translation>
    </message>
    <message>
        <source>The host name cannot be resolved</source>
        <translation>호스트 이름을 찾을 수 없습니다</translation>
    </message>
    <message>
        <source>Check the spelling, the DNS server or the VPN.</source>
        <translation>철자, DNS 서버, VPN을 확인하세요.</translation>
    </message>
    <message>
        <source>Connection refused</source>
        <translation>연결이 거부되었습니다</translation>
    </message>
    <message>
        <source>No server listens on that port: is the server running, is the port right, does it bind to this address?</source>
        <translation>해당 포트에서 수신하는 프로그램이 없습니다. 서버가 실행 중인지, 포트가 맞는지, 이 주소에 바인드되어 있는지 확인하세요.</translation>
    </message>
    <message>
        <source>The host cannot be reached</source>
        <translation>호스트에 접근할 수 없습니다</translation>
    </message>
    <message>
        <source>Check the network, the VPN and the firewall.</source>
        <translation>네트워크, VPN, 방화벽을 확인하세요.</translation>
    </message>
    <message>
        <source>The connection was lost before the command was sent; it was not executed</source>
        <translation>명령을 보내기 전에 연결이 끊어졌습니다. 명령은 실행되지 않았습니다</translation>
    </message>
    <message>
        <source>Try again once the node answers.</source>
        <translation>노드가 응답하면 다시 시도하세요.</translation>
    </message>
    <message>
        <source>The connection was lost after the command was sent; it may have been executed</source>
        <translation>명령을 보낸 뒤 연결이 끊어졌습니다. 명령이 실행되었을 수 있습니다</translation>
    </message>
    <message>
        <source>Check the data before you send it again.</source>
        <translation>다시 보내기 전에 데이터를 확인하세요.</translation>
    </message>
    <message>
        <source>The program that answers there is not a Redis or Valkey server</source>
        <translation>응답하는 상대가 Redis 또는 Valkey 서버가 아닙니다</translation>
    </message>
    <message>
        <source>Check the port. A server that accepts only TLS also looks like this.</source>
        <translation>포트를 확인하세요. TLS만 사용하는 서버도 이렇게 보입니다.</translation>
    </message>
    <message>
        <source>The server violated the protocol</source>
        <translation>서버가 프로토콜을 위반했습니다</translation>
    </message>
    <message>
        <source>A reply was larger than this program accepts</source>
        <translation>응답이 이 프로그램이 받을 수 있는 크기를 넘었습니다</translation>
    </message>
    <message>
        <source>Request less data at a time.</source>
        <translation>한 번에 더 적게 요청하세요.</translation>
    </message>
    <message>
        <source>The server requires a password</source>
        <translation>서버가 비밀번호를 요구합니다</translation>
    </message>
    <message>
        <source>Enter the password, and the user name if it is not the default user.</source>
        <translation>비밀번호를 입력하고, 기본 사용자가 아니면 사용자도 입력하세요.</translation>
    </message>
    <message>
        <source>The user name or password is wrong</source>
        <translation>사용자 또는 비밀번호가 올바르지 않습니다</translation>
    </message>
    <message>
        <source>Check both; the user may also be disabled (ACL LIST).</source>
        <translation>둘 다 확인하세요. 사용자가 비활성화되어 있을 수도 있습니다(ACL LIST).</translation>
    </message>
    <message>
        <source>The ACL user lacks a permission</source>
        <translation>ACL 사용자에게 권한이 없습니다</translation>
    </message>
    <message>
        <source>Ask for the permission, or connect as another user.</source>
        <translation>권한을 요청하거나 다른 사용자로 연결하세요.</translation>
    </message>
    <message>
        <source>The server does not run in cluster mode</source>
        <translation>서버가 클러스터 모드로 실행되지 않습니다</translation>
    </message>
    <message>
        <source>The cluster is down</source>
        <translation>클러스터가 다운되었습니다</translation>
    </message>
    <message>
        <source>See the health findings: slots without an owner or a lost majority stop it.</source>
        <translation>상태 진단 결과를 확인하세요. 소유자 없는 슬롯이나 과반수 상실이 원인입니다.</translation>
    </message>
    <message>
        <source>The server is still loading its data</source>
        <translation>서버가 아직 데이터를 로드하고 있습니다</translation>
    </message>
    <message>
        <source>Wait until it has finished.</source>
        <translation>끝날 때까지 기다리세요.</translation>
    </message>
    <message>
        <source>The cluster kept redirecting the command</source>
        <translation>클러스터가 명령을 끝없이 다른 노드로 돌려보냈습니다</translation>
    </message>
    <message>
        <source>Nodes disagree about the slot&apos;s owner; see the health findings.</source>
        <translation>노드마다 슬롯의 소유자를 다르게 말합니다. 상태 진단 결과를 확인하세요.</translation>
    </message>
    <message>
        <source>The server refused the command</source>
        <translation>서버가 거부했습니다</translation>
    </message>
    <message>
        <source>A text could not be parsed</source>
        <translation>텍스트를 해석할 수 없습니다</translation>
    </message>
    <message>
        <source>This value cannot be used</source>
        <translation>사용할 수 없습니다</translation>
    </message>
    <message>
        <source>The command needs a connection of its own; it was not sent</source>
        <translation>이 명령에는 전용 연결이 필요하여 보내지 않았습니다</translation>
    </message>
    <message>
        <source>Run it with redis-cli or valkey-cli on that node.</source>
        <translation>해당 노드에서 redis-cli 또는 valkey-cli로 실행하세요.</translation>
    </message>
    <message>
        <source>This connection is read-only; the command was not sent</source>
        <translation>읽기 전용 연결이라 명령을 보내지 않았습니다</translation>
    </message>
    <message>
        <source>To run it, connect without “read-only” (readonly=1 in the URI).</source>
        <translation>실행하려면 “읽기 전용” 없이 연결하세요(URI의 readonly=1).</translation>
    </message>
    <message>
        <source>No known node can serve this</source>
        <translation>이 요청을 처리할 수 있는 노드를 알지 못합니다</translation>
    </message>
    <message>
        <source>Wait until the cluster is connected, or name a node.</source>
        <translation>클러스터가 연결될 때까지 기다리거나 노드를 지정하세요.</translation>
    </message>
    <message>
        <source>A local program failed</source>
        <translation>로컬 프로그램이 실패했습니다</translation>
    </message>
    <message>
        <source>A file could not be read or written</source>
        <translation>읽기 또는 쓰기에 실패했습니다</translation>
    </message>
    <message>
        <source>The cluster has changed since this operation was planned</source>
        <translation>클러스터가 계획을 세울 때와 다릅니다</translation>
    </message>
    <message>
        <source>Create a new plan.</source>
        <translation>계획을 새로 세우세요.</translation>
    </message>
    <message>
        <source>All steps were done, but the cluster is not in the expected state</source>
        <translation>모든 단계를 마쳤지만 클러스터가 의도한 상태가 아닙니다</translation>
    </message>
    <message>
        <source>See the health findings; fix completes unfinished steps.</source>
        <translation>상태 진단 결과를 확인하세요. 절반만 끝난 것은 슬롯 수리(fix)로 닫습니다.</translation>
    </message>
    <message>
        <source>The server is busy running a script or function</source>
        <translation>서버가 스크립트 또는 함수를 실행하느라 바쁩니다</translation>
    </message>
    <message>
        <source>The server serves nothing else until it ends. SCRIPT KILL or FUNCTION KILL, sent to this node, ends a script or function that has not written yet.</source>
        <translation>그동안 다른 요청을 처리하지 않습니다. 이 노드에 SCRIPT KILL 또는 FUNCTION KILL을 보내면 아직 쓰지 않은 것을 끝낼 수 있습니다.</translation>
    </message>
    <message>
        <source>The server answers, but accepts no more clients</source>
        <translation>서버가 응답하지만 더 이상 클라이언트를 받지 않습니다</translation>
    </message>
    <message>
        <source>Raise maxclients on the server, or close connections that are no longer needed.</source>
        <translation>서버의 maxclients를 늘리거나 필요 없는 연결을 끊으세요.</translation>
    </message>
    <message>
        <source>Another node answers at that address; nothing was sent to it</source>
        <translation>그 주소에서 다른 노드가 응답합니다. 아무것도 보내지 않았습니다</translation>
    </message>
    <message>
        <source>A proxy or load balancer may be in front of the nodes: enter addresses that each lead to a single node.</source>
        <translation>노드 앞에 프록시나 로드 밸런서가 있을 수 있습니다. 노드 하나로만 이어지는 주소를 지정하세요.</translation>
    </message>
    <message>
        <source>The addresses belong to more than one cluster</source>
        <translation>주소들이 둘 이상의 클러스터에 속합니다</translation>
    </message>
    <message>
        <source>Enter addresses of a single cluster.</source>
        <translation>한 클러스터의 주소만 지정하세요.</translation>
    </message>
    <message>
        <source>The server does not have this database</source>
        <translation>서버에 그 데이터베이스가 없습니다</translation>
    </message>
    <message>
        <source>A cluster has only database 0, except Valkey 9 with cluster-databases.</source>
        <translation>클러스터에는 데이터베이스 0만 있습니다. 단, cluster-databases를 설정한 Valkey 9는 예외입니다.</translation>
    </message>
    <message>
        <source>The address is outside the hosts that this connection may use</source>
        <translation>주소가 이 연결에 허용된 호스트 범위를 벗어납니다</translation>
    </message>
    <message>
        <source>The command was not sent: it needs your confirmation</source>
        <translation>명령을 보내지 않았습니다. 동의가 필요합니다</translation>
    </message>
    <message>
        <source>The server&apos;s certificate is not trusted; nothing was sent</source>
        <translation>서버의 인증서를 신뢰할 수 없어 아무것도 보내지 않았습니다</translation>
    </message>
    <message>
        <source>Ask the operator of the server. If you know this certificate by its SHA-256, you can pin it (pin=…).</source>
        <translation>서버 운영자를 확인하세요. 이 인증서의 SHA-256을 알고 있다면 고정할 수 있습니다(pin=…).</translation>
    </message>
    <message>
        <source>No encrypted connection could be established</source>
        <translation>암호화된 연결을 맺지 못했습니다</translation>
    </message>
    <message>
        <source>Check that the port is the TLS port (tls-port), and whether the server requires a client certificate (tls-auth-clients).</source>
        <translation>포트가 TLS 포트(tls-port)인지, 서버가 클라이언트 인증서를 요구하는지(tls-auth-clients) 확인하세요.</translation>
    </message>
    <message>
        <source>The expected state was not reached in time</source>
        <translation>기다리던 상태가 되지 않았습니다</translation>
    </message>
    <message>
        <source>Completed steps are not undone. Fix the cause and resume, or undo them with roll-back.</source>
        <translation>이미 한 일은 유지됩니다. 원인을 해결하고 이어서 진행하거나 되돌리기로 되돌리세요.</translation>
    </message>
    <message>
        <source>The proxy or SSH server could not connect to the server</source>
        <translation>서버로 가는 경로가 그곳으로 이어지지 않습니다</translation>
    </message>
    <message>
        <source>Check the address and rules of the proxy, or what the SSH server allows (AllowTcpForwarding, PermitOpen).</source>
        <translation>프록시의 주소와 규칙 또는 SSH 서버가 허용하는 것(AllowTcpForwarding, PermitOpen)을 확인하세요.</translation>
    </message>
    <message>
        <source>A Sentinel answers at this address, not a server</source>
        <translation>거기서는 서버가 아니라 Sentinel이 응답합니다</translation>
    </message>
    <message>
        <source>Connect through the Sentinel: redis+sentinel://HOST:26379/NAME, with the name of the primary.</source>
        <translation>그것을 거쳐 연결하십시오: redis+sentinel://HOST:26379/NAME, NAME은 프라이머리 이름입니다.</translation>
    </message>
    <message>
        <source>The command was not sent, because it cannot be recorded in the audit log</source>
        <translation>보내지 않았습니다. 감사 로그에 기록할 수 없습니다</translation>
    </message>
    <message>
        <source>Free disk space, or allow changes without a record (Settings, Audit log).</source>
        <translation>디스크 공간을 확보하거나 기록 없이 변경하도록 허용하세요(설정의 감사 로그).</translation>
    </message>
    <message>
        <source>The password command printed no password</source>
        <translation>비밀번호 명령이 비밀번호를 주지 않았습니다</translation>
    </message>
    <message>
        <source>Add the host to hosts=… in the URI if it is yours. A tunnel command without {host} leads only to the servers that you enter.</source>
        <translation>자신의 주소라면 URI의 hosts=…에 넣으십시오. {host}가 없는 터널 명령은 지정한 서버에만 이어집니다.</translation>
    </message>
    <message>
        <source>The tunnel to the server is not open</source>
        <translation>서버로 가는 터널이 열려 있지 않습니다</translation>
    </message>
    <message>
        <source>Slotscope keeps trying by itself. If that does not help, run ssh with the same host, or the command, in a terminal.</source>
        <translation>Slotscope가 실행되는 동안 스스로 다시 시도합니다. 그래도 안 되면 같은 호스트로 ssh를, 또는 그 명령을 터미널에서 실행해 보십시오.</translation>
    </message>
    <message>
        <source>The tunnel was refused or could not be started</source>
        <translation>터널이 거부되었거나 시작되지 못했습니다</translation>
    </message>
    <message>
        <source>No command was sent. Fix the problem and connect again. To learn more, run ssh with the same host, or the command, in a terminal.</source>
        <translation>아무것도 보내지 않았습니다. 원인을 고치고 다시 연결하십시오. 같은 호스트로 ssh를, 또는 그 명령을 터미널에서 실행하면 더 자세히 알 수 있습니다.</translation>
    </message>
    <message>
        <source>Run this command in a terminal to see why it fails. If it asks for a login, log in once in the terminal: Slotscope runs it without one and cannot answer.</source>
        <translation>이 명령을 터미널에서 실행해 보십시오. Slotscope는 터미널을 주지 않으므로, 로그인을 요구하면 터미널에서 먼저 로그인하십시오.</translation>
    </message>
</context>
<context>
    <name>slotscope::EvalForm</name>
    <message>
        <source>Lua script</source>
        <translation>Lua 스크립트</translation>
    </message>
    <message>
        <source>Script</source>
        <translation>스크립트</translation>
    </message>
    <message>
        <source>KEYS, one per line</source>
        <translation>KEYS, 한 줄에 하나씩</translation>
    </message>
    <message>
        <source>ARGV, one per line</source>
        <translation>ARGV, 한 줄에 하나씩</translation>
    </message>
    <message>
        <source>Insert into the editor</source>
        <translation>편집기에 넣기</translation>
    </message>
    <message>
        <source>No keys: any node can run it.</source>
        <translation>키 없음: 어느 노드에서든 실행됩니다.</translation>
    </message>
    <message>
        <source>All keys in slot %1.</source>
        <translation>모두 슬롯 %1에 있습니다.</translation>
    </message>
    <message>
        <source>≠ The keys are in %1 slots: the server will refuse the script.</source>
        <translation>≠ 키가 슬롯 %1개에 나뉘어 있어 서버가 거부합니다.</translation>
    </message>
</context>
<context>
    <name>slotscope::ExpiryDialog</name>
    <message>
        <source>Set</source>
        <translation>설정</translation>
    </message>
    <message>
        <source>Time to live of %1</source>
        <translation>%1의 TTL</translation>
    </message>
    <message>
        <source>No expiry</source>
        <translation>만료 없음</translation>
    </message>
    <message>
        <source>Expires in</source>
        <translation>유지 시간</translation>
    </message>
    <message>
        <source>Expires at</source>
        <translation>만료 시각</translation>
    </message>
    <message>
        <source>Time to live</source>
        <translation>TTL</translation>
    </message>
    <message>
        <source>seconds</source>
        <translation>초</translation>
    </message>
    <message>
        <source>minutes</source>
        <translation>분</translation>
    </message>
    <message>
        <source>hours</source>
        <translation>시간</translation>
    </message>
    <message>
        <source>days</source>
        <translation>일</translation>
    </message>
    <message>
        <source>milliseconds</source>
        <translation>밀리초</translation>
    </message>
    <message>
        <source>Unit</source>
        <translation>단위</translation>
    </message>
    <message>
        <source>Duration</source>
        <translation>시간 길이</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <source>The key no longer expires (PERSIST).</source>
        <translation>이제 만료되지 않습니다(PERSIST).</translation>
    </message>
    <message>
        <source>This is not an integer of at most a hundred years.</source>
        <translation>백 년 이하의 정수가 아닙니다.</translation>
    </message>
    <message>
        <source>This deletes %1 now.</source>
        <translation>%1이(가) 지금 삭제됩니다.</translation>
    </message>
    <message>
        <source>A time in the past would delete the key: use Delete instead.</source>
        <translation>지난 시각을 지정하면 키가 삭제됩니다. 그렇게 하려면 삭제 기능을 사용하세요.</translation>
    </message>
    <message>
        <source>The key expires in %1, at %2.</source>
        <translation>%1 후, %2에 사라집니다.</translation>
    </message>
    <message>
        <source>The key expires in %1, by the server&apos;s clock.</source>
        <translation>서버 시계 기준으로 %1 후에 사라집니다.</translation>
    </message>
    <message>
        <source>Delete it now</source>
        <translation>지금 삭제</translation>
    </message>
    <message>
        <source>Enter a duration.</source>
        <translation>기간을 입력하십시오.</translation>
    </message>
</context>
<context>
    <name>slotscope::ExportDialog</name>
    <message>
        <source>Export connections</source>
        <translation>연결 내보내기</translation>
    </message>
    <message numerus="yes">
        <source>%n saved connections are exported to a file, with folders, tags and notes.</source>
        <translation>
            <numerusform>저장된 연결 %n개를 폴더, 태그, 메모와 함께 파일로 내보냅니다.</numerusform>
        </translation>
    </message>
    <message>
        <source>With the keychain&apos;s passwords, encrypted with a pass&amp;phrase</source>
        <translation>키체인의 비밀번호도 암호 문구로 암호화하여 내보내기(&amp;P)</translation>
    </message>
    <message>
        <source>Passphrase</source>
        <translation>암호 문구</translation>
    </message>
    <message>
        <source>Repeat it</source>
        <translation>한 번 더</translation>
    </message>
    <message>
        <source>Choose the file…</source>
        <translation>파일 선택…</translation>
    </message>
    <message>
        <source>Passwords are not exported. The file can be read with --profiles, and imported.</source>
        <translation>비밀번호는 여기에 남습니다. 파일은 --profiles로 읽거나 가져올 수 있습니다.</translation>
    </message>
    <message>
        <source>✕ The two passphrases differ.</source>
        <translation>✕ 두 입력이 다릅니다.</translation>
    </message>
    <message>
        <source>Anyone who has the file and the passphrase has the passwords. The passphrase cannot be recovered.</source>
        <translation>파일과 암호 문구를 가진 사람은 비밀번호를 갖게 됩니다. 암호 문구는 아무도 되살릴 수 없습니다.</translation>
    </message>
    <message>
        <source>Connections (*.json)</source>
        <translation>연결 (*.json)</translation>
    </message>
</context>
<context>
    <name>slotscope::FailoverChecks</name>
    <message>
        <source>Its primary %1 does not answer</source>
        <translation>프라이머리 %1이(가) 응답하지 않습니다</translation>
    </message>
    <message>
        <source>A graceful failover needs the primary, which pauses writes and reports its offset. Use FORCE: the other primaries then vote.</source>
        <translation>정상 전환에는 프라이머리가 필요합니다. 쓰기를 멈추고 오프셋을 알려 줘야 합니다. FORCE를 사용하면 다른 프라이머리들이 투표합니다.</translation>
    </message>
    <message>
        <source>Its primary %1 answers</source>
        <translation>프라이머리 %1이(가) 응답합니다</translation>
    </message>
    <message>
        <source>TAKEOVER is not needed: %1 answers, and most primaries can vote</source>
        <translation>TAKEOVER가 필요 없습니다. %1이(가) 응답하고 대부분의 프라이머리가 투표할 수 있습니다</translation>
    </message>
    <message>
        <source>TAKEOVER works without a vote and may leave two nodes that claim the same slots. Use a graceful failover, or FORCE.</source>
        <translation>TAKEOVER는 아무에게도 묻지 않으며 소유를 주장하는 노드가 둘이 될 수 있습니다. 정상 전환이나 FORCE를 사용하세요.</translation>
    </message>
    <message>
        <source>Most primaries can vote</source>
        <translation>대부분의 프라이머리가 투표할 수 있습니다</translation>
    </message>
    <message>
        <source>FORCE would be enough, and is safer than TAKEOVER: it lets the other primaries vote.</source>
        <translation>FORCE로 충분하며 TAKEOVER보다 안전합니다. 다른 프라이머리의 투표를 거칩니다.</translation>
    </message>
    <message>
        <source>%1 owns no slots</source>
        <translation>%1에 슬롯이 없습니다</translation>
    </message>
    <message>
        <source>A replica of a primary without slots is not elected. Remove it, or give it slots first.</source>
        <translation>슬롯 없는 프라이머리의 레플리카는 선출되지 않습니다. 제거하거나 먼저 슬롯을 주세요.</translation>
    </message>
    <message>
        <source>%1 does not answer</source>
        <translation>%1 응답 없음</translation>
    </message>
    <message>
        <source>A replica that does not answer cannot take over. Choose another one.</source>
        <translation>넘겨받으라고 지시할 수 없습니다. 다른 노드를 선택하세요.</translation>
    </message>
    <message>
        <source>%1 is still running a full synchronization</source>
        <translation>%1이(가) 아직 데이터를 복사하고 있습니다</translation>
    </message>
    <message>
        <source>Wait until it is done.</source>
        <translation>끝날 때까지 기다리세요.</translation>
    </message>
    <message>
        <source>It is not known whether the replication link of %1 is up</source>
        <translation>%1의 복제 링크가 연결되어 있는지 알 수 없습니다</translation>
    </message>
    <message>
        <source>The node&apos;s INFO does not report it.</source>
        <translation>INFO에서 알려 주지 않습니다.</translation>
    </message>
    <message>
        <source>The replication link of %1 is down</source>
        <translation>%1의 복제 링크가 끊어져 있습니다</translation>
    </message>
    <message>
        <source>The replica has received nothing from its primary for %1 s: it lacks all writes since then.</source>
        <translation>%1초 동안 프라이머리의 소식을 듣지 못했습니다. 그 뒤에 쓴 내용이 없습니다.</translation>
    </message>
    <message>
        <source>%1 last received data from its primary %2 s ago</source>
        <translation>%1이(가) %2초 전에 마지막으로 프라이머리의 소식을 들었습니다</translation>
    </message>
    <message>
        <source>The primary may be frozen; the failover then times out, and the primary stays.</source>
        <translation>프라이머리가 멈췄을 수 있습니다. 그러면 페일오버는 시간 초과되고 아무것도 바뀌지 않습니다.</translation>
    </message>
    <message>
        <source>The replication link of %1 is up</source>
        <translation>%1의 복제 링크가 연결되어 있습니다</translation>
    </message>
    <message>
        <source>%1 is set to start no failover by itself</source>
        <translation>%1은(는) 자동으로 넘겨받지 않도록 설정되어 있습니다</translation>
    </message>
    <message>
        <source>cluster-replica-no-failover prevents a failover when its primary fails, but not this manual failover.</source>
        <translation>cluster-replica-no-failover는 프라이머리 장애 시의 선출을 막을 뿐, 지금처럼 직접 하는 페일오버는 막지 않습니다.</translation>
    </message>
    <message>
        <source>%1 lags %2 behind</source>
        <translation>%1이(가) %2 뒤처져 있습니다</translation>
    </message>
    <message>
        <source>The primary pauses writes until the replica has caught up, for at most 5 s; then the failover is aborted.</source>
        <translation>따라잡을 때까지 최대 5초 동안 프라이머리가 쓰기를 멈추며, 그 뒤에는 페일오버를 포기합니다.</translation>
    </message>
    <message>
        <source>These writes are lost.</source>
        <translation>이 쓰기는 유실됩니다.</translation>
    </message>
    <message>
        <source>Most primaries with slots do not answer</source>
        <translation>슬롯이 있는 프라이머리 대부분이 응답하지 않습니다</translation>
    </message>
    <message>
        <source>These primaries elect the new one, so the failover cannot succeed. TAKEOVER works without a vote; it is the last resort.</source>
        <translation>새 프라이머리를 선출하는 노드들이라 페일오버가 성공할 수 없습니다. TAKEOVER는 아무에게도 묻지 않는 마지막 수단입니다.</translation>
    </message>
    <message>
        <source>%1 of %2 primaries know it as a replica of %3</source>
        <translation>프라이머리 %2개 중 %1개가 이 노드를 %3의 레플리카로 압니다</translation>
    </message>
    <message>
        <source>Only %1 of %2 primaries know it as a replica of %3</source>
        <translation>프라이머리 %2개 중 %1개만 이 노드를 %3의 레플리카로 압니다</translation>
    </message>
    <message>
        <source>The other primaries would not vote for this replica. Wait until the whole cluster knows it.</source>
        <translation>나머지는 투표하지 않습니다. 클러스터가 알게 될 때까지 기다리세요.</translation>
    </message>
    <message>
        <source>%1 is saving</source>
        <translation>%1이(가) 저장하고 있습니다</translation>
    </message>
    <message>
        <source>It replies more slowly until the save is done.</source>
        <translation>끝날 때까지 응답이 느려집니다.</translation>
    </message>
    <message>
        <source>The maxmemory of %1 is %2</source>
        <translation>%1의 maxmemory는 %2입니다</translation>
    </message>
    <message>
        <source>Its primary uses %1: as a primary it would evict keys or refuse writes.</source>
        <translation>프라이머리가 %1을(를) 사용하므로, 프라이머리가 되면 키를 축출하거나 거부하게 됩니다.</translation>
    </message>
    <message>
        <source>%1 runs an older version than its primary</source>
        <translation>%1의 버전이 프라이머리보다 낮습니다</translation>
    </message>
    <message>
        <source>It may not understand all of the data. Upgrade it first.</source>
        <translation>데이터를 모두 이해하지 못할 수 있습니다. 먼저 업그레이드하세요.</translation>
    </message>
    <message>
        <source>It is not known whether slots are in migration on %1</source>
        <translation>%1에 열린 슬롯이 있는지 알 수 없습니다</translation>
    </message>
    <message>
        <source>The user may not run CLUSTER NODES on this node (ACL: +cluster|nodes).</source>
        <translation>이 사용자에게 CLUSTER NODES를 알려 주지 않습니다(+cluster|nodes).</translation>
    </message>
    <message>
        <source>No slot of this shard is in migration</source>
        <translation>이 샤드에 열린 슬롯이 없습니다</translation>
    </message>
    <message>
        <source>No node that answers has a slot of this shard in migration</source>
        <translation>응답하는 노드에 이 샤드의 열린 슬롯이 없습니다</translation>
    </message>
    <message>
        <source>Slots of this shard are in migration: %1</source>
        <translation>이 샤드의 열린 슬롯: %1</translation>
    </message>
    <message>
        <source>The new primary may not know that they are half moved, and report moved keys as missing. Finish or cancel the migration first.</source>
        <translation>새 프라이머리가 절반만 옮겨진 것을 모르고 옮긴 키를 없는 것으로 응답할 수 있습니다. 먼저 닫으세요.</translation>
    </message>
    <message>
        <source>A slot migration of this shard is running</source>
        <translation>이 샤드의 슬롯 이동이 실행 중입니다</translation>
    </message>
    <message>
        <source>A failover at the end of a migration can lose data. Wait, or cancel the migration.</source>
        <translation>이동이 끝날 때 페일오버하면 데이터를 잃을 수 있습니다. 기다리거나 취소하세요.</translation>
    </message>
    <message>
        <source>A node reports that the cluster is down</source>
        <translation>클러스터가 다운되었다고 말하는 노드가 있습니다</translation>
    </message>
    <message>
        <source>See the health findings first.</source>
        <translation>먼저 상태 진단 결과를 확인하세요.</translation>
    </message>
</context>
<context>
    <name>slotscope::Finding</name>
    <message>
        <source>no node</source>
        <translation>없음</translation>
    </message>
    <message>
        <source>%1 and %2</source>
        <translation>%1 및 %2</translation>
    </message>
    <message>
        <source>%1 and %2 others</source>
        <translation>%1 외 %2개</translation>
    </message>
    <message>
        <source>%1 report</source>
        <translation>%1의 보고</translation>
    </message>
    <message>
        <source>%1 reports</source>
        <translation>%1의 보고</translation>
    </message>
    <message>
        <source>%1 that the cluster is down</source>
        <translation>%1: 클러스터가 다운되었습니다</translation>
    </message>
    <message>
        <source>These nodes refuse commands with CLUSTERDOWN until every slot is served and most primaries are reachable.</source>
        <translation>모든 슬롯이 서비스되고 대부분의 프라이머리에 접근할 수 있을 때까지 이 노드들은 CLUSTERDOWN으로 명령을 거부합니다.</translation>
    </message>
    <message>
        <source>See the other findings: uncovered slots or failed primaries are the usual cause. After a restart the state clears within some seconds.</source>
        <translation>다른 진단 결과를 확인하세요. 소유자 없는 슬롯이나 프라이머리 장애가 흔한 원인입니다. 다시 시작한 뒤에는 몇 초 안에 해소됩니다.</translation>
    </message>
    <message>
        <source>%1 on %2</source>
        <translation>%1(%2)</translation>
    </message>
    <message>
        <source>Versions differ: %1</source>
        <translation>버전이 서로 다릅니다: %1</translation>
    </message>
    <message>
        <source>A newer primary may send data to its older replicas that they do not understand.</source>
        <translation>새 버전의 프라이머리가 이전 버전의 레플리카에 이해하지 못하는 내용을 보낼 수 있습니다.</translation>
    </message>
    <message>
        <source>Finish the upgrade: replicas first, then a failover, then the former primaries.</source>
        <translation>업그레이드를 마치세요. 레플리카부터 하고, 페일오버한 다음, 이전 프라이머리를 업그레이드합니다.</translation>
    </message>
    <message>
        <source>%1 is loading its data</source>
        <translation>%1이(가) 데이터를 로드하고 있습니다</translation>
    </message>
    <message>
        <source>Until it is done, the node replies LOADING to commands.</source>
        <translation>끝날 때까지 명령에 LOADING으로 응답합니다.</translation>
    </message>
    <message>
        <source>Wait until it is done.</source>
        <translation>끝날 때까지 기다리세요.</translation>
    </message>
    <message>
        <source>%1 replied: %2</source>
        <translation>%1의 응답: %2</translation>
    </message>
    <message>
        <source>no node has reported it yet</source>
        <translation>아직 알려 준 노드가 없습니다</translation>
    </message>
    <message>
        <source>Try again in a moment; to see the nodes&apos; replies, run: call --to all CLUSTER NODES.</source>
        <translation>잠시 후 다시 조회하고, 노드의 응답을 확인하세요: call --to all CLUSTER NODES.</translation>
    </message>
    <message>
        <source>Missing: %1. Allow it (ACL SETUSER, before Redis 7 with +cluster), or connect as another user.</source>
        <translation>없는 권한: %1. 권한을 부여하거나(ACL SETUSER, Redis 7 이전에는 +cluster) 다른 사용자로 연결하세요.</translation>
    </message>
    <message>
        <source>It could not be determined who owns the slots: %1</source>
        <translation>슬롯의 소유자를 확인하지 못했습니다: %1</translation>
    </message>
    <message>
        <source>Roles, slots, failures, and the agreement of the nodes are not known: none of that was checked.</source>
        <translation>역할, 슬롯, 장애, 노드 간 일치 여부를 알 수 없으며 확인하지 못했습니다.</translation>
    </message>
    <message>
        <source>It could not be determined whether the server is a primary or a replica: %1</source>
        <translation>서버가 프라이머리인지 레플리카인지 확인하지 못했습니다: %1</translation>
    </message>
    <message>
        <source>Its replication was not checked.</source>
        <translation>복제 상태를 확인하지 못했습니다.</translation>
    </message>
    <message>
        <source>%1 is busy running a script or function</source>
        <translation>%1이(가) 스크립트 또는 함수를 실행하느라 바쁩니다</translation>
    </message>
    <message>
        <source>Until the script or function has ended, the node replies BUSY to every other command and reports nothing about the cluster.</source>
        <translation>스크립트나 함수가 끝날 때까지 노드는 다른 모든 명령에 BUSY로 응답하며, 클러스터에 대해 아무것도 알려 주지 않습니다.</translation>
    </message>
    <message>
        <source>SCRIPT KILL or FUNCTION KILL, sent to this node, ends a script or function that has not written yet. Otherwise wait, or use SHUTDOWN NOSAVE.</source>
        <translation>이 노드에 SCRIPT KILL 또는 FUNCTION KILL을 보내면 아직 쓰지 않은 것을 끝낼 수 있습니다. 그렇지 않으면 기다리거나 SHUTDOWN NOSAVE를 사용하세요.</translation>
    </message>
    <message>
        <source>Two servers have the same node id: %1 answers at %2 and at %3</source>
        <translation>두 서버의 ID가 같습니다: %1이(가) %2에서도, %3에서도 응답합니다</translation>
    </message>
    <message>
        <source>Both use copies of the same nodes.conf. The cluster treats them as one node that keeps changing its address, and writes are lost.</source>
        <translation>같은 nodes.conf의 사본으로 실행 중입니다. 클러스터는 이들을 주소가 계속 바뀌는 한 노드로 여기며 쓰기를 잃습니다.</translation>
    </message>
    <message>
        <source>Run CLUSTER RESET HARD on the server that contains no data of the cluster: this gives it a new node id.</source>
        <translation>클러스터의 데이터가 없는 쪽에서 CLUSTER RESET HARD를 실행하세요. 새 ID를 받습니다.</translation>
    </message>
    <message>
        <source>%1 reports nodes in lines that cannot be parsed: %2</source>
        <translation>%1이(가) 알려 준 노드 정보 중 읽을 수 없는 것이 있습니다: %2</translation>
    </message>
    <message>
        <source>The nodes of these lines are shown only if other nodes report them.</source>
        <translation>다른 노드가 알려 주지 않는 한 이 줄의 노드는 화면에 나타나지 않습니다.</translation>
    </message>
    <message>
        <source>Check CLUSTER NODES on that node; CLUSTER FORGET or CLUSTER RESET repairs a damaged nodes.conf.</source>
        <translation>그 노드의 CLUSTER NODES를 확인하세요. 손상된 nodes.conf는 CLUSTER FORGET 또는 RESET으로 고칩니다.</translation>
    </message>
    <message>
        <source>%1 announces an address that no host can have</source>
        <translation>%1이(가) 어떤 호스트에도 없는 주소를 알리고 있습니다</translation>
    </message>
    <message>
        <source>Neither the other nodes nor clients that are redirected to it can reach it.</source>
        <translation>다른 노드도, 그 주소로 안내된 클라이언트도 접근할 수 없습니다.</translation>
    </message>
    <message>
        <source>Set cluster-announce-ip on this node to its IP address, or to an empty value.</source>
        <translation>cluster-announce-ip를 그 노드의 IP 주소로 설정하거나 비우세요.</translation>
    </message>
    <message>
        <source>%1 answers at %2</source>
        <translation>%1은(는) %2에서 응답</translation>
    </message>
    <message>
        <source>%1 more</source>
        <translation>외 %1개</translation>
    </message>
    <message>
        <source>The nodes look for one another at outdated addresses: %1</source>
        <translation>노드들이 서로를 없는 주소에서 찾고 있습니다: %1</translation>
    </message>
    <message>
        <source>The nodes were restarted at new addresses while none of them could tell the others. Each looks for the others at their old addresses, so the cluster stays down although all nodes answer.</source>
        <translation>아무에게도 알릴 수 없는 동안 모두 다른 주소로 다시 시작되었습니다. 저마다 이전 주소에서 다른 노드를 기다리므로, 모두 응답해도 클러스터는 다운 상태로 남습니다.</translation>
    </message>
    <message>
        <source>Introduce the nodes to one another at their new addresses (CLUSTER MEET): fix does this. Then the cluster works again.</source>
        <translation>새 주소로 서로를 소개하세요(CLUSTER MEET). 슬롯 수리(fix)가 처리합니다. 그러면 모두 이전과 같아집니다.</translation>
    </message>
    <message>
        <source>%1 is one of the addresses of this connection and answers, but is not part of this cluster</source>
        <translation>지정한 %1이(가) 응답하지만 이 클러스터의 일부가 아닙니다</translation>
    </message>
    <message>
        <source>The server was reset, removed from the cluster, or restarted without its nodes.conf, which gives it a new node id.</source>
        <translation>서버가 초기화되었거나 클러스터에서 제거되었거나, nodes.conf 없이 다시 시작되어 새 ID를 갖게 되었습니다.</translation>
    </message>
    <message>
        <source>If it was a node of this cluster, introduce it again (meet %1); otherwise remove the address from the connection.</source>
        <translation>이 클러스터의 노드였다면 다시 소개하고(meet %1), 아니면 연결에서 이 주소를 빼세요.</translation>
    </message>
    <message>
        <source>%1 is one of the addresses of this connection and does not answer: %2</source>
        <translation>지정한 %1이(가) 응답하지 않습니다: %2</translation>
    </message>
    <message>
        <source>No node of the cluster announces this address.</source>
        <translation>이 주소를 알리는 클러스터 노드가 없습니다.</translation>
    </message>
    <message>
        <source>Check the address; remove it from the connection if the server no longer exists.</source>
        <translation>주소를 확인하고, 더 이상 없는 노드라면 빼세요.</translation>
    </message>
    <message>
        <source>%1 of %2 primaries are down: no majority is left</source>
        <translation>프라이머리 %2개 중 %1개가 다운되어 과반수가 남아 있지 않습니다</translation>
    </message>
    <message>
        <source>Without a majority of the primaries, no failover can be voted for, and the cluster stops serving.</source>
        <translation>프라이머리의 과반수가 없으면 페일오버 투표를 할 수 없고 클러스터가 서비스를 멈춥니다.</translation>
    </message>
    <message>
        <source>Restart the primaries; if that is impossible, use CLUSTER FAILOVER TAKEOVER on their replicas.</source>
        <translation>프라이머리를 다시 가동하세요. 불가능하면 레플리카에서 CLUSTER FAILOVER TAKEOVER를 사용하세요.</translation>
    </message>
    <message>
        <source>No node answers</source>
        <translation>응답하는 노드가 없습니다</translation>
    </message>
    <message>
        <source>The page shows the last data received; it may be out of date.</source>
        <translation>마지막으로 확인된 내용을 표시하고 있으며 최신이 아닐 수 있습니다.</translation>
    </message>
    <message>
        <source>Check the network between this computer and the servers.</source>
        <translation>여기와 서버 사이의 네트워크를 확인하세요.</translation>
    </message>
    <message>
        <source>%1 %2 has failed; it no longer owns any slot</source>
        <translation>%1: %2에 장애가 발생했습니다. 더 이상 소유한 슬롯이 없습니다</translation>
    </message>
    <message>
        <source>%1 the replica %2 has failed</source>
        <translation>%1: 레플리카 %2에 장애가 발생했습니다</translation>
    </message>
    <message>
        <source>Start the node again, or remove it from the cluster with CLUSTER FORGET on every node.</source>
        <translation>노드를 다시 시작하거나, 모든 노드에서 CLUSTER FORGET으로 클러스터에서 제거하세요.</translation>
    </message>
    <message>
        <source>%1 %2 has failed; it owned slots %3, and no node has taken them over</source>
        <translation>%1: %2에 장애가 발생했습니다. 소유했던 슬롯 %3을(를) 아무도 넘겨받지 않았습니다</translation>
    </message>
    <message>
        <source>Keys in these slots cannot be read or written until a replica takes over or the node comes back.</source>
        <translation>레플리카가 넘겨받거나 노드가 돌아올 때까지 이 슬롯의 키를 읽거나 쓸 수 없습니다.</translation>
    </message>
    <message>
        <source>Wait some seconds for the failover. If there is none, start the node again, or use CLUSTER FAILOVER FORCE on one of its replicas (TAKEOVER if most primaries are down).</source>
        <translation>페일오버를 몇 초 기다리세요. 일어나지 않으면 노드를 다시 시작하거나 레플리카에서 CLUSTER FAILOVER FORCE를 사용하세요(대부분의 프라이머리가 다운되었으면 TAKEOVER).</translation>
    </message>
    <message>
        <source>%1 cannot reach %2 (fail?)</source>
        <translation>%1에서 %2에 접근할 수 없습니다(fail?)</translation>
    </message>
    <message>
        <source>%1 cannot reach %2 (fail?), nor can Slotscope; it owns slots %3</source>
        <translation>%1에서 %2에 접근할 수 없고(fail?) 여기에서도 접근할 수 없습니다. 소유한 슬롯은 %3입니다</translation>
    </message>
    <message>
        <source>%1 cannot reach %2 (fail?), which owns slots %3</source>
        <translation>%1에서 슬롯 %3을(를) 소유한 %2에 접근할 수 없습니다(fail?)</translation>
    </message>
    <message>
        <source>When most primaries report this, the node is marked as failed, and one of its replicas takes over.</source>
        <translation>대부분의 프라이머리가 그렇게 판단하면 노드가 장애로 처리되고 레플리카 하나가 넘겨받습니다.</translation>
    </message>
    <message>
        <source>Check the node&apos;s process and the network between the nodes.</source>
        <translation>노드의 프로세스와 노드 사이의 네트워크를 확인하세요.</translation>
    </message>
    <message>
        <source>%1 is outside the hosts that this connection may use</source>
        <translation>%1이(가) 이 연결에 허용된 호스트 범위를 벗어납니다</translation>
    </message>
    <message>
        <source>No command is sent to this node; the data shown for it comes from the other nodes.</source>
        <translation>아무것도 보내지 않으며, 다른 노드가 말하는 내용만 표시합니다.</translation>
    </message>
    <message>
        <source>Add its host to hosts=… in the URI if it is yours.</source>
        <translation>본인의 호스트라면 URI의 hosts=…에 추가하세요.</translation>
    </message>
    <message>
        <source>%1 answers, but accepts no more clients: %2</source>
        <translation>%1이(가) 응답하지만 더 이상 클라이언트를 받지 않습니다: %2</translation>
    </message>
    <message>
        <source>The node serves the clients that are already connected; it rejects new ones, including Slotscope.</source>
        <translation>이미 연결된 클라이언트만 처리하며, 이 프로그램을 포함한 새 연결은 거부합니다.</translation>
    </message>
    <message>
        <source>Raise maxclients on this node, or close connections that are no longer needed.</source>
        <translation>이 노드의 maxclients를 늘리거나 필요 없는 연결을 끊으세요.</translation>
    </message>
    <message>
        <source>Check user name and password, and that the user may run CLUSTER, INFO and COMMAND.</source>
        <translation>사용자와 비밀번호를 확인하고, 사용자가 CLUSTER, INFO, COMMAND를 실행할 수 있는지 확인하세요.</translation>
    </message>
    <message>
        <source>Renew the certificate of the node, or change the authorities (CA) that this connection trusts.</source>
        <translation>인증서를 갱신하거나 이 연결의 신뢰 대상을 변경하세요.</translation>
    </message>
    <message>
        <source>Check that the port uses TLS, which TLS versions the node accepts, and whether it requires a client certificate.</source>
        <translation>포트에 TLS가 켜져 있는지, 어떤 버전을 쓰는지, 클라이언트 인증서를 요구하는지 확인하세요.</translation>
    </message>
    <message>
        <source>%1 refuses the connection: %2</source>
        <translation>%1이(가) 접속을 거부합니다: %2</translation>
    </message>
    <message>
        <source>%1 does not answer Slotscope</source>
        <translation>%1이(가) 여기에서 응답하지 않습니다</translation>
    </message>
    <message>
        <source>%1 does not answer Slotscope: %2</source>
        <translation>%1이(가) 여기에서 응답하지 않습니다: %2</translation>
    </message>
    <message>
        <source>; it owns slots %1</source>
        <translation>; 소유한 슬롯 %1</translation>
    </message>
    <message>
        <source>No other node reports that it has failed: the network path from this computer may be blocked, or the node has just crashed or frozen and the others have not noticed yet.</source>
        <translation>다른 노드는 장애라고 하지 않습니다. 여기에서 그 노드로 가는 경로가 막혔거나, 방금 죽거나 멈춰서 다른 노드가 아직 알아채지 못했을 수 있습니다.</translation>
    </message>
    <message>
        <source>It may have crashed or frozen, or the network path from this computer may be blocked. No node takes over for it.</source>
        <translation>죽거나 멈췄거나 여기에서 그 노드로 가는 경로가 막혔을 수 있습니다. 넘겨받을 노드가 없습니다.</translation>
    </message>
    <message>
        <source>Check the node&apos;s process, and the network and the firewall between this computer and it; the address it announces must be reachable from here.</source>
        <translation>노드의 프로세스, 여기와 노드 사이의 네트워크와 방화벽을 확인하세요. 노드가 알리는 주소는 여기에서 사용할 수 있어야 합니다.</translation>
    </message>
    <message>
        <source>%1 is in a handshake with %2</source>
        <translation>%1이(가) %2와(과) 핸드셰이크 중입니다</translation>
    </message>
    <message>
        <source>A node that was told to meet another (CLUSTER MEET) has had no answer on the cluster bus yet.</source>
        <translation>다른 노드와 만나도록 지시받은 노드가 클러스터 버스에서 아직 응답을 받지 못했습니다.</translation>
    </message>
    <message>
        <source>If this lasts, check that the cluster bus port (usually the port + 10000) is open in both directions, and that the address is right.</source>
        <translation>계속되면 버스 포트(보통 포트 + 10000)가 양방향으로 열려 있는지, 주소가 맞는지 확인하세요.</translation>
    </message>
    <message>
        <source>%2 is known to %1, but not to %3</source>
        <translation>%2을(를) %1은(는) 알지만 %3은(는) 모릅니다</translation>
    </message>
    <message>
        <source>A node that only some of the others know is only half a member of the cluster. Either gossip is still spreading it, or only some nodes have forgotten it.</source>
        <translation>일부만 아는 노드는 클러스터에 절반만 참여합니다. 곧 가십으로 퍼지거나, 일부 노드에서만 잊힌 것입니다.</translation>
    </message>
    <message>
        <source>If the node should join, introduce it to the others (meet); if it should leave, let all other nodes forget it within a minute.</source>
        <translation>참여시키려던 노드라면 다른 노드와 만나게 하고, 내보내려던 노드라면 1분 안에 나머지 노드에서도 잊게 하세요.</translation>
    </message>
    <message>
        <source>Node %1 has no address</source>
        <translation>노드 %1의 주소가 없습니다</translation>
    </message>
    <message>
        <source>The cluster remembers a node but does not know its address; usually that node was reset or lost its data.</source>
        <translation>클러스터가 위치를 모르는 노드를 기억하고 있습니다. 보통 초기화되었거나 데이터를 잃은 노드입니다.</translation>
    </message>
    <message>
        <source>Remove it with CLUSTER FORGET on every other node, within a minute.</source>
        <translation>1분 안에 모든 노드에서 CLUSTER FORGET으로 제거하세요.</translation>
    </message>
    <message>
        <source>Node %1 owns slots %2 and has no address: no node serves them</source>
        <translation>노드 %1이(가) 슬롯 %2을(를) 소유하지만 주소가 없어 서비스하는 노드가 없습니다</translation>
    </message>
    <message>
        <source>Its server is gone, or was restarted without its nodes.conf and has a new node id. The others keep waiting for the old one.</source>
        <translation>서버가 사라졌거나, nodes.conf 없이 다시 시작되어 새 ID를 갖고 있습니다. 다른 노드는 이전 ID를 계속 기다립니다.</translation>
    </message>
    <message>
        <source>One of its replicas can take over: fix does that. Do not forget the node before that.</source>
        <translation>레플리카 하나가 넘겨받을 수 있습니다. 슬롯 수리(fix)가 처리합니다. 그 전에 노드를 잊지 마세요.</translation>
    </message>
    <message>
        <source>If the server runs, introduce it again with meet HOST:PORT: it may have the keys. Then assign the slots to the node that has the keys, or to another: fix --assign SLOTS=NODE. Do not forget the node before that: its slots would have no owner.</source>
        <translation>서버가 실행 중이면 meet HOST:PORT로 다시 소개하세요. 키를 가지고 있을 수 있습니다. 그런 다음 키를 가진 노드나 다른 노드에 슬롯을 할당하세요: fix --assign SLOTS=NODE. 그 전에 노드를 잊지 마세요. 슬롯의 소유자가 없어집니다.</translation>
    </message>
    <message>
        <source>No cluster bus link to %1 from %2</source>
        <translation>%2에서 %1(으)로 버스 연결이 없습니다</translation>
    </message>
    <message>
        <source>%2 receives nothing on the cluster bus from %1</source>
        <translation>%2이(가) 클러스터 버스에서 %1의 소식을 듣지 못하고 있습니다</translation>
    </message>
    <message>
        <source>If nodes receive each other&apos;s messages in one direction only, they report each other as failing, and failovers become unreliable.</source>
        <translation>한쪽 방향으로만 통하는 노드는 서로를 장애로 보고하며, 페일오버를 신뢰할 수 없게 됩니다.</translation>
    </message>
    <message>
        <source>Check that the cluster bus port (usually the port + 10000) is open between the hosts, in both directions.</source>
        <translation>호스트 사이에 버스 포트(보통 포트 + 10000)가 양방향으로 열려 있는지 확인하세요.</translation>
    </message>
    <message>
        <source>No replica takes over by itself from: %1</source>
        <translation>자동으로 넘겨받을 레플리카가 없습니다: %1</translation>
    </message>
    <message>
        <source>All its replicas have cluster-replica-no-failover set to yes: if the primary fails, its slots stay down until somebody starts a failover by hand.</source>
        <translation>레플리카가 그렇게 설정되어 있습니다(cluster-replica-no-failover). 프라이머리에 장애가 나면 직접 페일오버할 때까지 슬롯이 다운됩니다.</translation>
    </message>
    <message>
        <source>If that is not wanted, set cluster-replica-no-failover to no on one of them.</source>
        <translation>의도한 것이 아니라면 레플리카 하나의 cluster-replica-no-failover를 no로 설정하세요.</translation>
    </message>
    <message>
        <source>Without a working replica: %1</source>
        <translation>동작하는 레플리카가 없습니다: %1</translation>
    </message>
    <message>
        <source>If a primary without a working replica fails, its slots are unavailable until it comes back, and data that it had not saved is lost.</source>
        <translation>작동하는 레플리카가 없는 프라이머리에 장애가 나면 돌아올 때까지 슬롯을 쓸 수 없고, 저장하지 않은 데이터는 사라집니다.</translation>
    </message>
    <message>
        <source>Add a replica, or restart a failed one.</source>
        <translation>레플리카를 추가하거나 장애가 난 레플리카를 되살리세요.</translation>
    </message>
    <message>
        <source>%1 replicates a node that no other node knows (%2)</source>
        <translation>%1이(가) 아무도 모르는 노드(%2)를 복제하고 있습니다</translation>
    </message>
    <message>
        <source>It receives no writes, and cannot take over for any primary.</source>
        <translation>쓰기를 받지 못하며 어떤 노드도 넘겨받지 못합니다.</translation>
    </message>
    <message>
        <source>Give it another primary: replicate.</source>
        <translation>다른 프라이머리를 지정하세요: 복제 설정(replicate).</translation>
    </message>
    <message>
        <source>%1 replicates %2, which is a replica itself</source>
        <translation>%1이(가) 레플리카인 %2을(를) 복제하고 있습니다</translation>
    </message>
    <message>
        <source>The primary does not count it as a replica, and it is not elected when that primary fails.</source>
        <translation>프라이머리가 자신의 레플리카로 여기지 않으며, 프라이머리에 장애가 나도 선출되지 않습니다.</translation>
    </message>
    <message>
        <source>Give it the primary of that node as its own: replicate.</source>
        <translation>프라이머리를 직접 복제하게 하세요: 복제 설정(replicate).</translation>
    </message>
    <message>
        <source> for %1</source>
        <translation> (%1 동안)</translation>
    </message>
    <message>
        <source>%1 has no replication link to its primary %2%3</source>
        <translation>%1에서 프라이머리 %2(으)로의 복제 링크가 없습니다%3</translation>
    </message>
    <message>
        <source>The replica receives no writes; a failover to it would lose all writes since the link was lost.</source>
        <translation>레플리카가 쓰기를 받지 못합니다. 지금 페일오버하면 그 뒤의 쓰기를 모두 잃습니다.</translation>
    </message>
    <message>
        <source>Right after a start, a full synchronization may be running. Otherwise check the network, the replication password (masterauth) and the primary&apos;s log.</source>
        <translation>시작한 직후라면 전체 복사가 진행 중일 수 있습니다. 아니면 네트워크, 복제 비밀번호(masterauth), 프라이머리의 로그를 확인하세요.</translation>
    </message>
    <message>
        <source>%1 has received nothing from its primary %2 for %3</source>
        <translation>%1이(가) %3 동안 프라이머리 %2의 소식을 듣지 못했습니다</translation>
    </message>
    <message>
        <source>%1 lags %2 behind its primary %3</source>
        <translation>%1이(가) 프라이머리 %3보다 %2 뒤처져 있습니다</translation>
    </message>
    <message>
        <source>A failover to this replica would lose the writes that it has not received yet.</source>
        <translation>이 레플리카로 페일오버하면 아직 받지 못한 쓰기를 잃습니다.</translation>
    </message>
    <message>
        <source>Check the network and the replica&apos;s load.</source>
        <translation>네트워크와 레플리카의 부하를 확인하세요.</translation>
    </message>
    <message>
        <source>All nodes run on one host, %1</source>
        <translation>모든 노드가 한 호스트 %1에서 실행됩니다</translation>
    </message>
    <message>
        <source>When this host fails, primaries and replicas fail together.</source>
        <translation>이 호스트에 장애가 나면 프라이머리와 레플리카가 함께 중단됩니다.</translation>
    </message>
    <message>
        <source>This is fine for a test; otherwise spread the nodes over several hosts.</source>
        <translation>시험용이라면 괜찮습니다. 아니면 노드를 여러 호스트에 나누세요.</translation>
    </message>
    <message>
        <source>On the same host as their primary: %1</source>
        <translation>프라이머리와 같은 호스트에 있음: %1</translation>
    </message>
    <message>
        <source>When this host fails, primary and replica fail together.</source>
        <translation>이 호스트에 장애가 나면 프라이머리와 레플리카가 함께 중단됩니다.</translation>
    </message>
    <message>
        <source>Move the replica to another host, or swap it with a replica of another shard.</source>
        <translation>레플리카를 다른 호스트로 옮기거나 다른 샤드의 레플리카와 맞바꾸세요.</translation>
    </message>
    <message>
        <source>Slots without an owner: %1</source>
        <translation>소유자 없는 슬롯: %1</translation>
    </message>
    <message>
        <source>Keys in these slots cannot be read or written; with cluster-require-full-coverage the whole cluster refuses commands.</source>
        <translation>이 슬롯의 키를 읽거나 쓸 수 없습니다. cluster-require-full-coverage가 켜져 있으면 클러스터 전체가 명령을 거부합니다.</translation>
    </message>
    <message>
        <source>Restart the node that owned them, or assign them to a primary.</source>
        <translation>소유했던 노드를 되살리거나 프라이머리에 슬롯을 할당하세요.</translation>
    </message>
    <message>
        <source>%1 and %2 have the same config epoch %3</source>
        <translation>%1와(과) %2의 구성 에포크가 %3(으)로 같습니다</translation>
    </message>
    <message>
        <source>If both nodes claimed the same slot, the cluster could not tell which claim is newer.</source>
        <translation>둘이 같은 슬롯을 주장하면 클러스터는 어느 쪽이 최신인지 알 수 없습니다.</translation>
    </message>
    <message>
        <source>The servers resolve this by themselves within seconds. If it lasts longer, the two nodes cannot reach each other: check the network between them.</source>
        <translation>서버들이 몇 초 안에 스스로 해결합니다. 더 오래 계속되면 두 노드가 서로 연결되지 않는 것이니 둘 사이의 네트워크를 확인하세요.</translation>
    </message>
    <message>
        <source>the unknown node %1</source>
        <translation>알 수 없는 노드 %1</translation>
    </message>
    <message>
        <source>Slots in migration, from %1 to %2: %3</source>
        <translation>%1에서 %2(으)로 이동 중인 열린 슬롯: %3</translation>
    </message>
    <message>
        <source> (only %1 reports it)</source>
        <translation> (%1만 그렇게 말함)</translation>
    </message>
    <message>
        <source>While a slot is in migration, its keys may be on either node, and commands with several of its keys may fail with TRYAGAIN.</source>
        <translation>슬롯이 열려 있는 동안 키는 어느 쪽 노드에나 있을 수 있고, 여러 키를 쓰는 명령은 TRYAGAIN으로 실패할 수 있습니다.</translation>
    </message>
    <message>
        <source>If a reshard is running, wait until it ends. Otherwise one was interrupted: finish moving the keys, then assign the slot.</source>
        <translation>리샤딩이 실행 중이면 끝날 때까지 기다리세요. 아니면 도중에 끊긴 것이니, 키를 마저 옮긴 다음 슬롯을 할당하세요.</translation>
    </message>
    <message>
        <source>%1 and %2 both claim the slots %3</source>
        <translation>%1와(과) %2이(가) 모두 슬롯 %3의 소유를 주장합니다</translation>
    </message>
    <message>
        <source>Both accept writes for these slots; when they reach each other, the writes of the one with the lower config epoch are lost.</source>
        <translation>양쪽이 이 슬롯의 쓰기를 받고 있습니다. 서로를 발견하면 구성 에포크가 낮은 쪽의 쓰기를 잃습니다.</translation>
    </message>
    <message>
        <source>Check that the two nodes reach each other on the cluster bus; then assign the slots to the node that should keep them.</source>
        <translation>두 노드가 클러스터 버스에서 서로 통신하는지 확인한 다음, 슬롯을 가질 쪽에 할당하세요.</translation>
    </message>
    <message>
        <source>%1 does not claim the slots %2, although others report it as their owner</source>
        <translation>%1은(는) 다른 노드가 그의 소유라고 말하는 슬롯 %2을(를) 주장하지 않습니다</translation>
    </message>
    <message>
        <source>No node serves these slots; the others redirect clients to a node that refuses them. CLUSTER DELSLOTS on the owner causes this, because gossip does not spread it.</source>
        <translation>아무도 이 슬롯을 서비스하지 않으며, 다른 노드는 클라이언트를 거부하는 노드로 보냅니다. 소유자에서 CLUSTER DELSLOTS를 실행하면 가십으로 퍼지지 않아 이런 상태가 됩니다.</translation>
    </message>
    <message>
        <source>Assign the slots again with CLUSTER ADDSLOTS on the node that shall own them.</source>
        <translation>슬롯을 소유할 노드에서 CLUSTER ADDSLOTS로 다시 할당하세요.</translation>
    </message>
    <message>
        <source>%1 %2</source>
        <translation>%1 %2</translation>
    </message>
    <message>
        <source>Nodes report different owners of the slots %1 (slot %2: %3)</source>
        <translation>노드마다 슬롯 %1의 소유자를 다르게 말합니다(슬롯 %2: %3)</translation>
    </message>
    <message>
        <source>Nodes redirect clients back and forth, and a part of the cluster works with an outdated slot map.</source>
        <translation>클라이언트가 노드 사이를 오가게 되고, 클러스터의 일부가 이전 맵으로 동작합니다.</translation>
    </message>
    <message>
        <source>Right after a failover or a migration this resolves by itself. If it lasts, look for nodes that do not reach each other on the cluster bus.</source>
        <translation>페일오버나 이동 직후라면 저절로 해소됩니다. 계속되면 클러스터 버스에서 서로 통신하지 못하는 노드를 찾으세요.</translation>
    </message>
    <message>
        <source>It may have crashed or frozen, or the network path from this computer may be blocked. The Sentinels promote a replica when enough of them do not reach the primary either.</source>
        <translation>서버가 죽었거나 멈췄거나, 여기서 가는 길이 막혔을 수 있습니다. 충분한 수의 Sentinel도 프라이머리에 닿지 못하면 레플리카를 승격합니다.</translation>
    </message>
    <message>
        <source>Slotscope does not know which server accepts the writes: a node that reports itself as the primary may have been replaced.</source>
        <translation>쓰기를 어디로 보내야 하는지 알 수 없습니다. 스스로 프라이머리라고 하는 노드가 이미 교체되었을 수 있습니다.</translation>
    </message>
    <message>
        <source>Slotscope treats %1 as the primary, because the Sentinels named it last; it would not notice a failover.</source>
        <translation>마지막으로 알려 준 %1을(를) 프라이머리로 봅니다. 페일오버가 일어나도 알 수 없습니다.</translation>
    </message>
    <message>
        <source>Check that the Sentinels run, and their addresses, user and password.</source>
        <translation>Sentinel이 실행 중인지, 주소와 사용자와 비밀번호가 맞는지 확인하십시오.</translation>
    </message>
    <message>
        <source>The Sentinel %1 does not answer Slotscope: %2</source>
        <translation>Sentinel %1이(가) 여기서 응답하지 않습니다: %2</translation>
    </message>
    <message>
        <source>Check its process, and the network path from this computer.</source>
        <translation>프로세스와 여기서 가는 경로를 확인하십시오.</translation>
    </message>
    <message>
        <source>The Sentinel %1 reports nothing about “%2”: %3</source>
        <translation>Sentinel %1이(가) “%2”에 대해 아무것도 알려 주지 않습니다: %3</translation>
    </message>
    <message>
        <source>The Sentinel does not watch this primary, or this user may not ask it.</source>
        <translation>이 프라이머리를 감시하지 않거나, 이 사용자가 물어볼 권한이 없습니다.</translation>
    </message>
    <message>
        <source>Compare its “sentinel monitor” lines with those of the other Sentinels.</source>
        <translation>“sentinel monitor” 줄을 다른 Sentinel의 것과 비교하십시오.</translation>
    </message>
    <message>
        <source>%1 reports %2</source>
        <translation>%1은(는) %2을(를) 가리킴</translation>
    </message>
    <message>
        <source>%1 replies: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>The Sentinels report different primaries: %1</source>
        <translation>Sentinel들이 서로 다른 프라이머리를 가리킵니다: %1</translation>
    </message>
    <message>
        <source>; </source>
        <translation>; </translation>
    </message>
    <message>
        <source>The newest configuration is valid; it names %1. Clients that ask one of the other Sentinels write to the wrong server.</source>
        <translation>가장 새로운 구성이 유효하며, %1을(를) 가리킵니다. 다른 Sentinel에 묻는 클라이언트는 잘못된 서버에 씁니다.</translation>
    </message>
    <message>
        <source>If this lasts, these Sentinels do not receive messages from the others: check the network between them.</source>
        <translation>계속 이렇다면 그 Sentinel들은 나머지의 소식을 듣지 못하는 것입니다. 서로 간의 네트워크를 확인하십시오.</translation>
    </message>
    <message>
        <source>The Sentinels agree that the primary %1 is down</source>
        <translation>Sentinel들이 프라이머리 %1이(가) 다운되었다는 데 동의합니다</translation>
    </message>
    <message>
        <source>They promote one of its replicas, if there is one that can be promoted.</source>
        <translation>승격할 수 있는 레플리카가 있으면 그중 하나를 승격합니다.</translation>
    </message>
    <message>
        <source>Check the server, and wait for the failover.</source>
        <translation>서버를 확인하고 페일오버를 기다리십시오.</translation>
    </message>
    <message>
        <source>When enough Sentinels (%1) report the same, they fail over.</source>
        <translation>충분한 수(%1)가 같은 말을 하면 페일오버합니다.</translation>
    </message>
    <message>
        <source>Check the server, and the network between it and the Sentinels.</source>
        <translation>서버와, 서버와 Sentinel 사이의 네트워크를 확인하십시오.</translation>
    </message>
    <message>
        <source>%1 reports itself as a primary, but the Sentinels report %2</source>
        <translation>%1은(는) 스스로 프라이머리라고 하지만 Sentinel은 %2을(를) 가리킵니다</translation>
    </message>
    <message>
        <source>Data that clients write to it is lost as soon as it becomes a replica again.</source>
        <translation>클라이언트가 거기에 쓴 내용은 다시 레플리카가 되는 순간 사라집니다.</translation>
    </message>
    <message>
        <source>The Sentinels correct this within seconds if they reach it; otherwise make it a replica of %1 by hand.</source>
        <translation>Sentinel이 닿으면 몇 초 안에 바로잡습니다. 아니면 직접 %1의 레플리카로 만드십시오.</translation>
    </message>
    <message>
        <source>Most of the Sentinels that answered report that they cannot fail over: %1</source>
        <translation>응답하는 Sentinel 대부분이 페일오버할 수 없다고 합니다: %1</translation>
    </message>
    <message>
        <source>If the primary fails now, there may be no failover.</source>
        <translation>지금 프라이머리에 장애가 나면 대신할 것이 없을 수 있습니다.</translation>
    </message>
    <message>
        <source>The Sentinels do not report for certain which server is the primary “%1”: %2</source>
        <translation>어느 서버가 프라이머리 “%1”인지 Sentinel이 확실히 알려 주지 않습니다: %2</translation>
    </message>
    <message>
        <source>A failover needs a majority of the Sentinels; they may reach one another even if this computer cannot reach them.</source>
        <translation>장애 조치에는 Sentinel의 과반수가 필요합니다. 이 컴퓨터에서 닿지 않아도 Sentinel끼리는 서로 닿을 수 있습니다.</translation>
    </message>
    <message>
        <source>Start the missing Sentinels again; if some are gone for good, run SENTINEL RESET on the others, one after another.</source>
        <translation>없는 Sentinel을 다시 시작하십시오. 영영 없어진 것이 있으면 나머지에서 하나씩 차례로 SENTINEL RESET을 실행하십시오.</translation>
    </message>
    <message>
        <source>Some Sentinels (%1) cannot reach the primary %2</source>
        <translation>일부 Sentinel(%1)이 프라이머리 %2에 닿지 못합니다</translation>
    </message>
    <message>
        <source>memory, load, replication and versions (INFO)</source>
        <translation>메모리, 부하, 복제, 버전(INFO)</translation>
    </message>
    <message>
        <source>whether each node considers the cluster up (CLUSTER INFO)</source>
        <translation>각 노드가 클러스터를 정상으로 보는지(CLUSTER INFO)</translation>
    </message>
    <message>
        <source>failure flags, epochs and slots in migration (CLUSTER NODES)</source>
        <translation>실패 표시, epoch, 열린 슬롯(CLUSTER NODES)</translation>
    </message>
    <message>
        <source>%1 nodes</source>
        <translation>노드 %1개</translation>
    </message>
    <message>
        <source>This user may not run %1 on %2</source>
        <translation>이 사용자는 %2에서 %1을(를) 실행할 권한이 없습니다</translation>
    </message>
    <message>
        <source>Therefore the following is not known: %1. Everything else is shown.</source>
        <translation>그래서 알 수 없는 것: %1. 나머지는 모두 표시됩니다.</translation>
    </message>
    <message>
        <source>If you need it, allow %1 (ACL SETUSER; before Redis 7 +cluster), or connect as another user.</source>
        <translation>필요하면 %1 권한을 주거나(ACL SETUSER, Redis 7 이전에는 +cluster) 다른 사용자로 연결하십시오.</translation>
    </message>
    <message>
        <source>%1 differs: %2</source>
        <translation>%1이(가) 다릅니다: %2</translation>
    </message>
    <message>
        <source>The nodes mark each other as failed at different times, and a failover may lack votes.</source>
        <translation>그러면 노드들이 서로 다른 때에 실패로 판단하고, 페일오버에 표가 모자랄 수 있습니다.</translation>
    </message>
    <message>
        <source>The nodes then behave differently when something fails.</source>
        <translation>그러면 장애가 났을 때 노드마다 다르게 움직입니다.</translation>
    </message>
    <message>
        <source>Set the same value on all nodes: page Config, or slotscope-cli config %1 VALUE.</source>
        <translation>모든 노드에 같은 값으로 설정하십시오: 설정 페이지 또는 slotscope-cli config %1 VALUE.</translation>
    </message>
    <message>
        <source>Other nodes serve its data, but one copy of it is missing.</source>
        <translation>데이터는 다른 노드가 제공하지만 사본이 하나 모자랍니다.</translation>
    </message>
    <message>
        <source>The data shown for this node comes from the other nodes.</source>
        <translation>이 노드에 대해 표시되는 내용은 다른 노드들이 말하는 것입니다.</translation>
    </message>
    <message>
        <source>No data can be read from it.</source>
        <translation>이 노드에서는 아무것도 읽을 수 없습니다.</translation>
    </message>
    <message>
        <source>%1 is empty now: the cluster that it belonged to cannot be seen through it any more</source>
        <translation>%1은(는) 이제 비어 있습니다. 속해 있던 클러스터가 여기에 없습니다</translation>
    </message>
    <message>
        <source>The node was reset, or restarted without its nodes.conf: it owns no slot and knows no other node.</source>
        <translation>초기화되었거나 nodes.conf 없이 다시 시작되었습니다. 슬롯이 없고 다른 노드를 모릅니다.</translation>
    </message>
    <message>
        <source>Connect through another node of the cluster. If all nodes were reset, create the cluster again.</source>
        <translation>클러스터의 다른 노드로 연결하십시오. 모두 초기화되었으면 새로 만드십시오.</translation>
    </message>
    <message>
        <source>%1 is empty: it owns no slot and knows no other node</source>
        <translation>%1은(는) 비어 있습니다. 슬롯이 없고 다른 노드를 모릅니다</translation>
    </message>
    <message>
        <source>The node is in no cluster with other nodes, and serves no keys until it owns slots.</source>
        <translation>혼자 있는 노드이며, 슬롯을 받기 전에는 키를 제공하지 않습니다.</translation>
    </message>
    <message>
        <source>Create a cluster with this node, or add it to a cluster (connect to that cluster, then Add node).</source>
        <translation>이 노드로 클러스터를 만들거나, 다른 클러스터에 추가하십시오(그쪽의 노드 추가).</translation>
    </message>
</context>
<context>
    <name>slotscope::FormatBar</name>
    <message>
        <source>detected</source>
        <translation>자동 인식</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>텍스트</translation>
    </message>
    <message>
        <source>Tree</source>
        <translation>트리</translation>
    </message>
    <message>
        <source>Hex</source>
        <translation>16진수</translation>
    </message>
    <message>
        <source>Detected from the bytes</source>
        <translation>바이트에서 인식함</translation>
    </message>
    <message>
        <source>Show as</source>
        <translation>보기 방식</translation>
    </message>
    <message>
        <source>keep for %1</source>
        <translation>%1에 계속 사용</translation>
    </message>
    <message>
        <source>Shown as</source>
        <translation>표시 형식</translation>
    </message>
    <message>
        <source>Choose another format</source>
        <translation>다른 형식 선택</translation>
    </message>
    <message>
        <source>Remove this step</source>
        <translation>이 단계 제거</translation>
    </message>
    <message>
        <source>Detect again</source>
        <translation>다시 인식</translation>
    </message>
    <message>
        <source>Unpack first</source>
        <translation>먼저 풀기</translation>
    </message>
    <message>
        <source>Append, increment, from a file, to a file</source>
        <translation>덧붙이기, 증가, 파일에서, 파일로</translation>
    </message>
    <message>
        <source>More actions with the value</source>
        <translation>값에 대한 다른 동작</translation>
    </message>
    <message>
        <source>%1. Choose another format</source>
        <translation>%1. 다른 형식 선택</translation>
    </message>
    <message>
        <source>Protocol Buffers with .proto files…</source>
        <translation>.proto 파일로 Protocol Buffers 읽기…</translation>
    </message>
</context>
<context>
    <name>slotscope::FormatChain</name>
    <message>
        <source>a chain has at most %1 steps</source>
        <translation>체인은 최대 %1단계입니다</translation>
    </message>
    <message>
        <source>%1 must be the last step of a chain</source>
        <translation>%1은(는) 체인의 끝이며 뒤에 아무것도 올 수 없습니다</translation>
    </message>
</context>
<context>
    <name>slotscope::FormatGraph</name>
    <message>
        <source>it contains too many values</source>
        <translation>값이 너무 많습니다</translation>
    </message>
</context>
<context>
    <name>slotscope::FormatTreeModel</name>
    <message numerus="yes">
        <source>%n item(s)</source>
        <translation>
            <numerusform>항목 %n개</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n member(s)</source>
        <translation>
            <numerusform>멤버 %n개</numerusform>
        </translation>
    </message>
    <message>
        <source>value</source>
        <translation>값</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>이름</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>값</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>유형</translation>
    </message>
</context>
<context>
    <name>slotscope::GateQuestion</name>
    <message>
        <source>Send %1?</source>
        <translation>%1 명령을 보낼까요?</translation>
    </message>
    <message>
        <source>Send %1 to %2?</source>
        <translation>%1 명령을 %2에 보낼까요?</translation>
    </message>
    <message>
        <source>To send it, type the name of the connection, %1.</source>
        <translation>보내려면 연결 이름 %1을(를) 입력하세요.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>보내기</translation>
    </message>
    <message>
        <source>Name of the connection</source>
        <translation>연결 이름</translation>
    </message>
</context>
<context>
    <name>slotscope::HeadValues</name>
    <message>
        <source>No value</source>
        <translation>값 없음</translation>
    </message>
</context>
<context>
    <name>slotscope::HealthCard</name>
    <message>
        <source>ok</source>
        <translation>정상</translation>
    </message>
    <message>
        <source>note</source>
        <translation>참고</translation>
    </message>
    <message>
        <source>warning</source>
        <translation>경고</translation>
    </message>
    <message>
        <source>error</source>
        <translation>오류</translation>
    </message>
    <message>
        <source>Remedy: %1</source>
        <translation>해결 방법: %1</translation>
    </message>
    <message>
        <source>This connection is read-only.</source>
        <translation>읽기 전용 연결입니다.</translation>
    </message>
    <message>
        <source>Show %1 in the topology</source>
        <translation>토폴로지에서 %1 보기</translation>
    </message>
    <message>
        <source>Slot %1</source>
        <translation>슬롯 %1</translation>
    </message>
    <message numerus="yes">
        <source>%n slot(s): %1</source>
        <translation>
            <numerusform>슬롯 %n개: %1</numerusform>
        </translation>
    </message>
    <message>
        <source>Select on the slot map: %1</source>
        <translation>슬롯 맵에서 선택: %1</translation>
    </message>
    <message numerus="yes">
        <source>and %n more node(s)</source>
        <translation>
            <numerusform>외 노드 %n개</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>slotscope::HealthNotices</name>
    <message>
        <source>and %1 more</source>
        <translation>외 %1개</translation>
    </message>
    <message>
        <source>Previously %1 for %2.</source>
        <translation>%2 동안 %1 상태였습니다.</translation>
    </message>
</context>
<context>
    <name>slotscope::HealthPanel</name>
    <message>
        <source>Health</source>
        <translation>상태 진단</translation>
    </message>
    <message>
        <source>Copy all</source>
        <translation>모두 복사</translation>
    </message>
    <message>
        <source>Copy all findings as text</source>
        <translation>모든 진단 결과를 텍스트로 복사</translation>
    </message>
    <message>
        <source>Close (Esc)</source>
        <translation>닫기(Esc)</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>닫기</translation>
    </message>
    <message numerus="yes">
        <source>%n error(s)</source>
        <translation>
            <numerusform>오류 %n건</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n warning(s)</source>
        <translation>
            <numerusform>경고 %n건</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n note(s)</source>
        <translation>
            <numerusform>참고 %n건</numerusform>
        </translation>
    </message>
    <message>
        <source>Connecting</source>
        <translation>연결 중</translation>
    </message>
    <message>
        <source>No connection</source>
        <translation>연결 없음</translation>
    </message>
    <message>
        <source>No data about the cluster yet.</source>
        <translation>아직 클러스터의 정보가 없습니다.</translation>
    </message>
    <message>
        <source>No problems</source>
        <translation>모두 정상입니다</translation>
    </message>
    <message numerus="yes">
        <source>%n node(s) agree</source>
        <translation>
            <numerusform>노드 %n개의 정보가 일치합니다</numerusform>
        </translation>
    </message>
    <message>
        <source>A standalone server: it answers.</source>
        <translation>클러스터가 아닌 서버입니다. 응답합니다.</translation>
    </message>
    <message>
        <source>%1; all %2 slots are covered, every replica is linked to its primary.</source>
        <translation>%1. 슬롯 %2개가 모두 할당되었고 모든 레플리카가 프라이머리를 따르고 있습니다.</translation>
    </message>
    <message>
        <source>Nodes: %1</source>
        <translation>노드: %1</translation>
    </message>
    <message>
        <source>Slots: %1</source>
        <translation>슬롯: %1</translation>
    </message>
</context>
<context>
    <name>slotscope::HealthPill</name>
    <message>
        <source>No connection</source>
        <translation>연결 없음</translation>
    </message>
    <message>
        <source>Health: %1</source>
        <translation>상태 진단: %1</translation>
    </message>
    <message>
        <source>%1 warnings</source>
        <translation>경고 %1건</translation>
    </message>
    <message>
        <source>Degraded</source>
        <translation>저하됨</translation>
    </message>
</context>
<context>
    <name>slotscope::HexView</name>
    <message>
        <source>Bytes</source>
        <translation>바이트</translation>
    </message>
</context>
<context>
    <name>slotscope::HintStrip</name>
    <message>
        <source>Arguments of the command</source>
        <translation>명령의 인수</translation>
    </message>
</context>
<context>
    <name>slotscope::HistoryFeed</name>
    <message>
        <source>no data for this time</source>
        <translation>이 시간의 정보가 없습니다</translation>
    </message>
</context>
<context>
    <name>slotscope::HostsCard</name>
    <message>
        <source>Hosts</source>
        <translation>호스트</translation>
    </message>
    <message numerus="yes">
        <source>▲ %n of them cannot fail without loss of slots</source>
        <translation>
            <numerusform>▲ %n개 호스트는 멈추면 슬롯을 잃습니다</numerusform>
        </translation>
    </message>
    <message>
        <source>no node serves shard %1</source>
        <translation>샤드 %1을(를) 서비스할 노드가 없습니다</translation>
    </message>
    <message numerus="yes">
        <source>%n more shard(s) taken over</source>
        <translation>
            <numerusform>다른 노드가 샤드 %n개를 더 이어받습니다</numerusform>
        </translation>
    </message>
    <message>
        <source>no replica left for shard %1</source>
        <translation>샤드 %1에 남는 레플리카가 없습니다</translation>
    </message>
    <message>
        <source>%1: if it fails, %2</source>
        <translation>%1: 멈추면 %2</translation>
    </message>
    <message>
        <source>If it fails:</source>
        <translation>멈추면:</translation>
    </message>
    <message>
        <source>no node serves shard %1: half or more of the primaries would be gone, so no replica is elected</source>
        <translation>샤드 %1을(를) 서비스할 노드가 없습니다. 프라이머리의 절반 이상이 사라져 아무도 선출되지 않습니다</translation>
    </message>
    <message numerus="yes">
        <source>▲ %n slot(s) are not served now; the failure of any host adds no further ones</source>
        <translation>
            <numerusform>▲ 지금 슬롯 %n개가 서비스되지 않습니다. 호스트가 멈춰도 더 늘지는 않습니다</numerusform>
        </translation>
    </message>
    <message>
        <source>✓ if any one host fails, all slots that are served now are still served</source>
        <translation>✓ 어느 호스트 하나가 멈춰도 서비스되지 않는 슬롯이 없습니다</translation>
    </message>
    <message>
        <source>%1 can take over shard %2</source>
        <translation>%1이(가) 샤드 %2을(를) 이어받을 수 있습니다</translation>
    </message>
    <message>
        <source>no slot changes its owner</source>
        <translation>소유자가 바뀌는 슬롯이 없습니다</translation>
    </message>
</context>
<context>
    <name>slotscope::HotKeysModel</name>
    <message>
        <source>%1 · %2 %</source>
        <translation>%1 · %2 %</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>키</translation>
    </message>
    <message>
        <source>CPU time</source>
        <translation>프로세서</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>네트워크</translation>
    </message>
    <message>
        <source>Counter</source>
        <translation>카운터</translation>
    </message>
    <message>
        <source>Slot</source>
        <translation>슬롯</translation>
    </message>
    <message>
        <source>Node</source>
        <translation>노드</translation>
    </message>
</context>
<context>
    <name>slotscope::HotKeysReader</name>
    <message>
        <source>this node is not known</source>
        <translation>그런 노드를 알지 못합니다</translation>
    </message>
</context>
<context>
    <name>slotscope::HotKeysReader::Shared</name>
    <message>
        <source>this node is not known</source>
        <translation>그런 노드를 알지 못합니다</translation>
    </message>
</context>
<context>
    <name>slotscope::HotKeysView</name>
    <message>
        <source>What the colour of a node&apos;s tile shows</source>
        <translation>노드 타일의 색 기준</translation>
    </message>
    <message>
        <source>Commands per second</source>
        <translation>초당 명령</translation>
    </message>
    <message>
        <source>CPU time</source>
        <translation>프로세서</translation>
    </message>
    <message>
        <source>Network, received</source>
        <translation>네트워크 수신</translation>
    </message>
    <message>
        <source>Network, sent</source>
        <translation>네트워크 송신</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>메모리</translation>
    </message>
    <message>
        <source>Clients</source>
        <translation>클라이언트</translation>
    </message>
    <message>
        <source>How long HOTKEYS counts</source>
        <translation>HOTKEYS 측정 시간</translation>
    </message>
    <message>
        <source>How long HOTKEYS counts. LFU counters are read at once, without a duration.</source>
        <translation>HOTKEYS 측정 시간. LFU 정책의 카운터는 바로 읽습니다</translation>
    </message>
    <message>
        <source>10 s</source>
        <translation>10초</translation>
    </message>
    <message>
        <source>1 min</source>
        <translation>1분</translation>
    </message>
    <message>
        <source>10 min</source>
        <translation>10분</translation>
    </message>
    <message>
        <source>Hottest keys</source>
        <translation>핫 키</translation>
    </message>
    <message>
        <source>current values; Enter shows a node in the topology</source>
        <translation>현재 상태 · Enter를 누르면 토폴로지에서 노드를 표시</translation>
    </message>
    <message>
        <source>Nodes</source>
        <translation>노드</translation>
    </message>
    <message>
        <source>Open in the browser</source>
        <translation>브라우저에서 열기</translation>
    </message>
    <message>
        <source>Show its slot</source>
        <translation>슬롯 보기</translation>
    </message>
    <message>
        <source>Copy the name</source>
        <translation>이름 복사</translation>
    </message>
    <message>
        <source>Stop now</source>
        <translation>지금 중지</translation>
    </message>
    <message>
        <source>Find hot keys</source>
        <translation>핫 키 찾기</translation>
    </message>
    <message>
        <source>per primary, of %1 keys</source>
        <translation>프라이머리별, 키 %1개 중</translation>
    </message>
    <message>
        <source>per primary</source>
        <translation>프라이머리별</translation>
    </message>
    <message>
        <source>HOTKEYS (Redis 8.6) counts CPU time and network bytes per key for the chosen time; with an LFU policy the counters of all keys are read (OBJECT FREQ). Neither changes a key.</source>
        <translation>HOTKEYS(Redis 8.6)는 선택한 시간 동안 키별 프로세서 시간과 네트워크 바이트를 측정합니다. LFU 정책에서는 모든 키의 카운터를 읽습니다(OBJECT FREQ). 어느 쪽도 키를 바꾸지 않습니다.</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message numerus="yes">
        <source>Waiting for %n node(s)…</source>
        <translation>
            <numerusform>노드 %n개를 기다리는 중…</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>slotscope::HotSlots</name>
    <message>
        <source>Hottest slots</source>
        <translation>가장 뜨거운 슬롯</translation>
    </message>
    <message>
        <source>no shard</source>
        <translation>샤드 없음</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1%</translation>
    </message>
</context>
<context>
    <name>slotscope::IgbinaryReader</name>
    <message>
        <source>%1 is not a type of igbinary</source>
        <translation>igbinary에 유형 %1이(가) 없습니다</translation>
    </message>
    <message>
        <source>it refers to text %1, but there are %2</source>
        <translation>텍스트 %2개 중 %1번째를 참조합니다</translation>
    </message>
    <message>
        <source>an array of %1 elements does not fit into the data</source>
        <translation>요소 %1개의 배열이 맞지 않습니다</translation>
    </message>
    <message>
        <source>a key is neither a number nor a text</source>
        <translation>키가 숫자도 텍스트도 아닙니다</translation>
    </message>
    <message>
        <source>an object without properties</source>
        <translation>속성이 없는 객체</translation>
    </message>
</context>
<context>
    <name>slotscope::Importer</name>
    <message>
        <source>“%1” has no address</source>
        <translation>“%1”에 주소가 없습니다</translation>
    </message>
    <message>
        <source>the certificate of the server was not verified there, but Slotscope verifies it</source>
        <translation>그곳에서는 서버 인증서를 확인하지 않았지만 여기서는 확인합니다</translation>
    </message>
    <message>
        <source>the export contains certificates: save them to files and enter their paths</source>
        <translation>인증서가 내보낸 파일 안에 있습니다. 파일로 저장한 뒤 지정하세요</translation>
    </message>
    <message>
        <source>it goes through SSH: ssh asks for the key&apos;s passphrase or the password there, or takes the key from ~/.ssh</source>
        <translation>SSH를 통한 연결입니다. 그 키나 비밀번호는 ssh가 묻거나 ~/.ssh에 있습니다</translation>
    </message>
    <message>
        <source>more than %1 connections: “%2” is skipped</source>
        <translation>%1개를 넘어 “%2”은(는) 제외되었습니다</translation>
    </message>
    <message>
        <source>“%1” has an address that cannot be imported</source>
        <translation>“%1”의 주소는 여기서 읽지 않는 형식입니다</translation>
    </message>
    <message>
        <source>“%1” goes through SSH, but its SSH settings could not be read: it is skipped</source>
        <translation>“%1”은(는) SSH를 통한 연결이지만 읽을 수 없어 제외되었습니다</translation>
    </message>
    <message>
        <source>line %1 is not an address</source>
        <translation>%1번째 줄은 주소가 아닙니다</translation>
    </message>
    <message>
        <source>it is a Sentinel, but the name of its primary is missing</source>
        <translation>Sentinel인데 프라이머리 이름이 없습니다</translation>
    </message>
</context>
<context>
    <name>slotscope::InfoFieldModel</name>
    <message>
        <source>counter</source>
        <translation>카운터</translation>
    </message>
    <message>
        <source>gauge</source>
        <translation>현재값</translation>
    </message>
    <message>
        <source>Section</source>
        <translation>섹션</translation>
    </message>
    <message>
        <source>Field</source>
        <translation>필드</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>값</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>종류</translation>
    </message>
    <message>
        <source>Nodes</source>
        <translation>노드</translation>
    </message>
</context>
<context>
    <name>slotscope::InterruptedBanner</name>
    <message>
        <source>Resume…</source>
        <translation>이어서 진행…</translation>
    </message>
    <message>
        <source>Roll back…</source>
        <translation>되돌리기…</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>모양</translation>
    </message>
    <message>
        <source>Show it on the Operations page</source>
        <translation>작업 페이지에서 보기</translation>
    </message>
    <message>
        <source>Not now; it stays on the Operations page</source>
        <translation>나중에: 작업 페이지에 남아 있습니다</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>나중에</translation>
    </message>
    <message>
        <source>▲ An operation was interrupted: %1 · %2</source>
        <translation>▲ 작업이 중단되었습니다: %1 · %2</translation>
    </message>
    <message>
        <source>This connection is read-only</source>
        <translation>이 연결은 읽기 전용입니다</translation>
    </message>
</context>
<context>
    <name>slotscope::JavaReader</name>
    <message>
        <source>it refers to object %1, but there are %2</source>
        <translation>객체 %2개 중 %1번째를 참조합니다</translation>
    </message>
    <message>
        <source>it is nested deeper than %1 levels</source>
        <translation>%1단계보다 깊습니다</translation>
    </message>
    <message>
        <source>it refers to class %1, which does not exist</source>
        <translation>클래스가 아닌 %1을(를) 클래스로 참조합니다</translation>
    </message>
    <message>
        <source>a class is missing</source>
        <translation>클래스가 없습니다</translation>
    </message>
    <message>
        <source>it contains too many classes</source>
        <translation>클래스가 너무 많습니다</translation>
    </message>
    <message>
        <source>the class hierarchy of %1 is circular or too deep</source>
        <translation>%1의 클래스 계층이 순환하거나 너무 깊습니다</translation>
    </message>
    <message>
        <source>a field has the unknown type %1</source>
        <translation>알 수 없는 유형 %1의 필드</translation>
    </message>
    <message>
        <source>a text is not in Java&apos;s modified UTF-8</source>
        <translation>텍스트가 Java의 수정된 UTF-8이 아닙니다</translation>
    </message>
    <message>
        <source>an array of %1 elements does not fit into the data</source>
        <translation>요소 %1개의 배열이 맞지 않습니다</translation>
    </message>
    <message>
        <source>it contains too many values</source>
        <translation>값이 너무 많습니다</translation>
    </message>
    <message>
        <source>%1 uses an old custom format whose length is unknown</source>
        <translation>%1이(가) 길이를 알 수 없는 옛 형식으로 기록되었습니다</translation>
    </message>
</context>
<context>
    <name>slotscope::JobDialog</name>
    <message>
        <source>As fast as the servers answer</source>
        <translation>서버가 응답하는 만큼 빠르게</translation>
    </message>
    <message>
        <source>At most %1 keys per second</source>
        <translation>초당 최대 키 %1개</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>속도</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>선택…</translation>
    </message>
</context>
<context>
    <name>slotscope::Joiners</name>
    <message>
        <source>no node was given</source>
        <translation>노드를 지정하지 않았습니다</translation>
    </message>
    <message>
        <source>a new shard needs a primary of its own</source>
        <translation>새 샤드에는 자체 프라이머리가 있습니다</translation>
    </message>
    <message>
        <source>%1 and %2 are the same node</source>
        <translation>%1와(과) %2은(는) 같은 노드입니다</translation>
    </message>
    <message>
        <source>Enter each node once.</source>
        <translation>각 노드를 한 번만 지정하십시오.</translation>
    </message>
    <message>
        <source>%1 is a replica</source>
        <translation>%1은(는) 레플리카입니다</translation>
    </message>
    <message>
        <source>No primary answers</source>
        <translation>응답하는 프라이머리가 없습니다</translation>
    </message>
    <message>
        <source>A replica needs a primary that answers.</source>
        <translation>레플리카에는 응답하는 프라이머리가 필요합니다.</translation>
    </message>
    <message>
        <source>Add %1 as a replica of %2</source>
        <translation>%1: %2의 레플리카로 추가</translation>
    </message>
    <message>
        <source>Add %1 as a primary</source>
        <translation>%1: 프라이머리로 추가</translation>
    </message>
    <message>
        <source>Add a shard: %1 with %2 replicas</source>
        <translation>샤드 추가: %1, 레플리카 %2개</translation>
    </message>
    <message>
        <source>Add %1 nodes as replicas</source>
        <translation>노드 %1개를 레플리카로 추가</translation>
    </message>
    <message>
        <source>Add %1 nodes as primaries</source>
        <translation>노드 %1개를 프라이머리로 추가</translation>
    </message>
    <message>
        <source>It is on the same host as its primary</source>
        <translation>프라이머리와 같은 호스트에 있습니다</translation>
    </message>
    <message>
        <source>%1 is on the same host as its primary</source>
        <translation>%1이(가) 프라이머리와 같은 호스트에 있습니다</translation>
    </message>
    <message>
        <source>If that host fails, both nodes fail.</source>
        <translation>호스트에 장애가 나면 둘 다 중단됩니다.</translation>
    </message>
    <message>
        <source>The replication link is up</source>
        <translation>복제 링크가 연결되어 있습니다</translation>
    </message>
    <message>
        <source>The replication link of %1 is up</source>
        <translation>%1의 복제 연결이 살아 있음</translation>
    </message>
    <message>
        <source>No slots are moved: there are too few for one more primary.</source>
        <translation>옮기는 슬롯이 없습니다. 프라이머리 하나를 더하기에는 너무 적습니다.</translation>
    </message>
    <message>
        <source>The new primary has no replica</source>
        <translation>새 프라이머리에 레플리카가 없습니다</translation>
    </message>
    <message>
        <source>The new primaries have no replicas</source>
        <translation>새 프라이머리들에 레플리카가 없습니다</translation>
    </message>
    <message>
        <source>If one fails, its slots are lost with it. Add replicas too.</source>
        <translation>하나가 실패하면 받은 슬롯도 함께 잃습니다. 레플리카도 추가하십시오.</translation>
    </message>
    <message>
        <source>Every node that answers knows %1</source>
        <translation>응답하는 모든 노드가 %1을(를) 압니다</translation>
    </message>
    <message>
        <source>Wait until every node knows the new node</source>
        <translation>모든 노드가 알 때까지 대기</translation>
    </message>
    <message>
        <source>Wait until every node knows the new nodes</source>
        <translation>모든 노드가 이들을 알 때까지 기다림</translation>
    </message>
    <message>
        <source>The new node has no slots yet: rebalance afterwards, and include primaries without slots.</source>
        <translation>아직 슬롯이 없습니다. 이후 빈 프라이머리를 포함하여 재분배하세요.</translation>
    </message>
    <message>
        <source>Wait until all nodes show the same topology</source>
        <translation>모든 노드가 같은 내용을 말할 때까지 대기</translation>
    </message>
</context>
<context>
    <name>slotscope::Journal</name>
    <message>
        <source>operation %1 is working on this cluster; wait until it ends, or stop it (its journal is %2)</source>
        <translation>작업 %1이(가) 이 클러스터에서 실행 중입니다. 끝날 때까지 기다리거나 중지하세요(저널: %2)</translation>
    </message>
    <message>
        <source>this is the journal of another operation, %1</source>
        <translation>다른 실행 %1의 저널입니다</translation>
    </message>
    <message>
        <source>%1
operation %2 on %3 by %4, started %5</source>
        <translation>%1
실행 %2, 대상 %3, 사용자 %4, 시작 %5</translation>
    </message>
    <message>
        <source>, resumed %1</source>
        <translation>, %1에 이어서 진행</translation>
    </message>
    <message>
        <source>, %1 after %2
</source>
        <translation>, %2 후 %1
</translation>
    </message>
    <message>
        <source>, %1
</source>
        <translation>, %1
</translation>
    </message>
    <message>
        <source>Checks</source>
        <translation>검사</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>단계</translation>
    </message>
    <message>
        <source>verified: %1</source>
        <translation>확인됨: %1</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>로그</translation>
    </message>
    <message>
        <source>its changes were rolled back
</source>
        <translation>바꾼 것을 되돌렸음
</translation>
    </message>
    <message>
        <source>Drill</source>
        <translation>훈련</translation>
    </message>
</context>
<context>
    <name>slotscope::JsonWalker</name>
    <message>
        <source>there is more text after the end of the JSON value</source>
        <translation>JSON 텍스트의 끝 뒤에 다른 내용이 있습니다</translation>
    </message>
    <message>
        <source>the text is empty</source>
        <translation>내용이 없습니다</translation>
    </message>
    <message>
        <source>the text ends too early</source>
        <translation>텍스트가 너무 일찍 끝납니다</translation>
    </message>
    <message>
        <source>a comma or } is missing</source>
        <translation>쉼표 또는 }가 없습니다</translation>
    </message>
    <message>
        <source>a comma or ] is missing</source>
        <translation>쉼표 또는 ]가 없습니다</translation>
    </message>
    <message>
        <source>a } is missing</source>
        <translation>}가 없습니다</translation>
    </message>
    <message>
        <source>a ] is missing</source>
        <translation>]가 없습니다</translation>
    </message>
    <message>
        <source>the name of a member is missing</source>
        <translation>멤버의 이름이 없습니다</translation>
    </message>
    <message>
        <source>a colon is missing</source>
        <translation>콜론이 없습니다</translation>
    </message>
    <message>
        <source>this is not a valid JSON number</source>
        <translation>JSON에서 쓸 수 없는 숫자입니다</translation>
    </message>
    <message>
        <source>a value is missing</source>
        <translation>값이 없습니다</translation>
    </message>
    <message>
        <source>a string contains a control character that is not escaped</source>
        <translation>문자열에 이스케이프되지 않은 제어 문자가 있습니다</translation>
    </message>
    <message>
        <source>\u needs four hex digits</source>
        <translation>\u 뒤에는 16진수 네 자리가 필요합니다</translation>
    </message>
    <message>
        <source>this is not a valid JSON escape</source>
        <translation>JSON에 없는 이스케이프입니다</translation>
    </message>
    <message>
        <source>the end of a string is missing</source>
        <translation>문자열의 끝이 없습니다</translation>
    </message>
</context>
<context>
    <name>slotscope::KeyCopiesReader</name>
    <message>
        <source>the cluster is not connected yet</source>
        <translation>클러스터에 아직 연결되지 않았습니다</translation>
    </message>
    <message>
        <source>slot %1 has no owner</source>
        <translation>슬롯 %1의 소유자가 없습니다</translation>
    </message>
</context>
<context>
    <name>slotscope::KeyEventSettings</name>
    <message>
        <source>the server does not report this setting</source>
        <translation>서버가 이 설정을 알려 주지 않습니다</translation>
    </message>
</context>
<context>
    <name>slotscope::KeyFactsReader</name>
    <message>
        <source>the cluster is not connected yet</source>
        <translation>클러스터가 아직 연결되지 않았습니다</translation>
    </message>
    <message>
        <source>no node serves its slot</source>
        <translation>슬롯을 서비스하는 노드가 없습니다</translation>
    </message>
    <message>
        <source>its slot is being migrated to another node</source>
        <translation>슬롯이 다른 노드로 이동 중입니다</translation>
    </message>
</context>
<context>
    <name>slotscope::KeyFileReader</name>
    <message>
        <source>line %1 is longer than %2 MB</source>
        <translation>%1번째 줄이 %2 MB보다 깁니다</translation>
    </message>
</context>
<context>
    <name>slotscope::KeyHead</name>
    <message>
        <source>Length</source>
        <translation>길이</translation>
    </message>
    <message>
        <source>Fields</source>
        <translation>필드</translation>
    </message>
    <message>
        <source>Items</source>
        <translation>항목</translation>
    </message>
    <message>
        <source>Entries</source>
        <translation>엔트리</translation>
    </message>
    <message>
        <source>Members</source>
        <translation>멤버</translation>
    </message>
    <message>
        <source>Copy the name</source>
        <translation>이름 복사</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>유형</translation>
    </message>
    <message>
        <source>TTL</source>
        <translation>TTL</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>메모리</translation>
    </message>
    <message>
        <source>Encoding</source>
        <translation>인코딩</translation>
    </message>
    <message>
        <source>Idle</source>
        <translation>유휴</translation>
    </message>
    <message>
        <source>Slot</source>
        <translation>슬롯</translation>
    </message>
    <message>
        <source>Shard</source>
        <translation>샤드</translation>
    </message>
    <message>
        <source>Node</source>
        <translation>노드</translation>
    </message>
    <message>
        <source>Read again (F5)</source>
        <translation>다시 읽기(F5)</translation>
    </message>
    <message>
        <source>Delete…</source>
        <translation>삭제…</translation>
    </message>
    <message>
        <source>More</source>
        <translation>더 보기</translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation>이름 바꾸기…</translation>
    </message>
    <message>
        <source>Duplicate…</source>
        <translation>복제…</translation>
    </message>
    <message>
        <source>Time to live…</source>
        <translation>TTL…</translation>
    </message>
    <message>
        <source>Copy as command</source>
        <translation>명령으로 복사</translation>
    </message>
    <message>
        <source>Refresh automatically</source>
        <translation>자동으로 다시 읽기</translation>
    </message>
    <message>
        <source>Refresh manually</source>
        <translation>수동 새로 고침</translation>
    </message>
    <message>
        <source>every 1 s</source>
        <translation>1초마다</translation>
    </message>
    <message>
        <source>every 5 s</source>
        <translation>5초마다</translation>
    </message>
    <message>
        <source>every 30 s</source>
        <translation>30초마다</translation>
    </message>
    <message>
        <source>Change the time to live</source>
        <translation>TTL 변경</translation>
    </message>
    <message>
        <source>Show the slot on the map</source>
        <translation>맵에서 슬롯 보기</translation>
    </message>
    <message>
        <source>Show the node</source>
        <translation>노드 보기</translation>
    </message>
    <message>
        <source>(empty)</source>
        <translation>(비어 있음)</translation>
    </message>
    <message>
        <source>%1 bytes, estimated by the server</source>
        <translation>서버 추정 %1바이트</translation>
    </message>
    <message>
        <source>frequency %1</source>
        <translation>빈도 %1</translation>
    </message>
    <message>
        <source>gone</source>
        <translation>사라짐</translation>
    </message>
    <message>
        <source>none</source>
        <translation>없음</translation>
    </message>
    <message>
        <source>expired</source>
        <translation>만료됨</translation>
    </message>
    <message>
        <source>This connection is read-only.</source>
        <translation>읽기 전용 연결입니다.</translation>
    </message>
    <message>
        <source>Compare with replicas…</source>
        <translation>레플리카와 비교…</translation>
    </message>
</context>
<context>
    <name>slotscope::KeyJobList</name>
    <message>
        <source>Jobs with many keys</source>
        <translation>여러 키에 대한 작업</translation>
    </message>
</context>
<context>
    <name>slotscope::KeyJobs</name>
    <message>
        <source>A job is running</source>
        <translation>작업이 실행 중입니다</translation>
    </message>
    <message>
        <source>Wait until the running job ends, or stop it: only one job with many keys runs at a time.</source>
        <translation>기다리거나 중지하세요. 여러 키에 대한 작업은 한 번에 하나만 실행됩니다.</translation>
    </message>
    <message>
        <source>Delete %1 keys</source>
        <translation>키 %1개 삭제</translation>
    </message>
    <message>
        <source>Delete keys</source>
        <translation>키 삭제</translation>
    </message>
    <message>
        <source>The scan has not finished: keys that it has not read yet are not included.</source>
        <translation>스캔이 끝나지 않았습니다. 아직 읽지 않은 키는 포함되지 않습니다.</translation>
    </message>
    <message>
        <source>This cannot be undone.</source>
        <translation>되돌릴 수 없습니다.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <source>%1 were already gone</source>
        <translation>이미 사라짐 %1개</translation>
    </message>
    <message>
        <source>%1 had no expiry, or were gone</source>
        <translation>만료가 없거나 사라짐 %1개</translation>
    </message>
    <message>
        <source>%1 keys</source>
        <translation>키 %1개</translation>
    </message>
    <message>
        <source>Remove the expiry of %1 keys</source>
        <translation>키 %1개의 만료 해제</translation>
    </message>
    <message>
        <source>Let %1 keys expire in %2</source>
        <translation>키 %1개의 TTL을 %2(으)로 설정</translation>
    </message>
    <message>
        <source>Let %1 keys expire at %2</source>
        <translation>키 %1개를 %2에 만료</translation>
    </message>
    <message>
        <source>Rename %1 keys</source>
        <translation>키 %1개의 이름 바꾸기</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>이름 바꾸기</translation>
    </message>
    <message>
        <source>Current prefix</source>
        <translation>이름의 앞부분</translation>
    </message>
    <message>
        <source>New prefix</source>
        <translation>새 앞부분</translation>
    </message>
    <message>
        <source>Times to live stay. If the new name is taken, the key is not renamed. If the new name is in another slot, the key is copied, the copy is compared, and then the old key is deleted: for a moment, both names exist.</source>
        <translation>TTL은 유지됩니다. 이미 있는 이름은 건너뜁니다. 새 이름이 다른 슬롯에 있으면 키를 복사하고 비교한 다음 이전 키를 지우므로, 잠시 두 이름이 모두 존재합니다.</translation>
    </message>
    <message>
        <source>Enter another prefix.</source>
        <translation>다른 앞부분을 입력하세요.</translation>
    </message>
    <message>
        <source>%1 of them do not begin with this prefix.</source>
        <translation>그중 %1개는 그 앞부분으로 시작하지 않습니다.</translation>
    </message>
    <message>
        <source>Rename %1 keys to %2…</source>
        <translation>키 %1개의 이름을 %2(으)로 바꾸기…</translation>
    </message>
    <message>
        <source>%1 renamed</source>
        <translation>이름 변경 %1개</translation>
    </message>
    <message>
        <source>the new name of %1 was taken</source>
        <translation>새 이름이 이미 있음 %1개</translation>
    </message>
    <message>
        <source>Enter the name of a file.</source>
        <translation>파일 이름을 입력하세요.</translation>
    </message>
    <message>
        <source>This is a folder.</source>
        <translation>폴더입니다.</translation>
    </message>
    <message>
        <source>Folder %1 not found.</source>
        <translation>폴더 %1이(가) 없습니다.</translation>
    </message>
    <message>
        <source>Skip it and list it in the report</source>
        <translation>그대로 두고 보고서에 표시</translation>
    </message>
    <message>
        <source>Replace it</source>
        <translation>바꾸기</translation>
    </message>
    <message>
        <source>Export %1 keys</source>
        <translation>키 %1개 내보내기</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>내보내기</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>형식</translation>
    </message>
    <message>
        <source>JSON lines: every byte, can be imported</source>
        <translation>JSON 줄: 모든 바이트를 보존, 가져오기 가능</translation>
    </message>
    <message>
        <source>Commands, as redis-cli reads them</source>
        <translation>명령: redis-cli가 읽는 형식</translation>
    </message>
    <message>
        <source>CSV, for other programs</source>
        <translation>CSV: 다른 프로그램용</translation>
    </message>
    <message>
        <source>File</source>
        <translation>파일</translation>
    </message>
    <message>
        <source>JSON lines (*.jsonl);;Commands (*.redis *.txt);;CSV (*.csv);;All (*)</source>
        <translation>JSON 줄 (*.jsonl);;명령 (*.redis *.txt);;CSV (*.csv);;모두 (*)</translation>
    </message>
    <message>
        <source>Keys with their times to live and all elements, importable into other server versions. Only you can read the file.</source>
        <translation>TTL과 모든 요소를 포함한 키. 다른 버전에서도 사용할 수 있습니다. 본인만 파일을 읽을 수 있습니다.</translation>
    </message>
    <message>
        <source>Each key is deleted before it is created. Only you can read the file.</source>
        <translation>각 키를 만들기 전에 삭제합니다. 본인만 파일을 읽을 수 있습니다.</translation>
    </message>
    <message>
        <source>One element per line, for reading only: Slotscope cannot import it again. The file&apos;s permissions let only you read it.</source>
        <translation>한 줄에 요소 하나. 가져올 수는 없습니다. 본인만 파일을 읽을 수 있습니다.</translation>
    </message>
    <message>
        <source>This file exists: it will be replaced.</source>
        <translation>파일이 이미 있으며, 바꾸게 됩니다.</translation>
    </message>
    <message>
        <source>%1 to %2</source>
        <translation>%1 → %2</translation>
    </message>
    <message>
        <source>%1 written</source>
        <translation>%1개 기록됨</translation>
    </message>
    <message>
        <source>Import keys into %1</source>
        <translation>%1(으)로 키 가져오기</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>가져오기</translation>
    </message>
    <message>
        <source>Exported keys and commands (*.jsonl *.redis *.txt);;All (*)</source>
        <translation>내보낸 키와 명령 (*.jsonl *.redis *.txt);;모두 (*)</translation>
    </message>
    <message>
        <source>What to do</source>
        <translation>수행할 작업</translation>
    </message>
    <message>
        <source>Only check: read the file, see which keys exist, write nothing</source>
        <translation>검사만: 모두 읽고 어떤 키가 있는지 확인하며 아무것도 쓰지 않음</translation>
    </message>
    <message>
        <source>Write the keys</source>
        <translation>키 쓰기</translation>
    </message>
    <message>
        <source>If a key exists</source>
        <translation>이미 있는 키</translation>
    </message>
    <message>
        <source>Check</source>
        <translation>검사</translation>
    </message>
    <message>
        <source>Choose an export file, or a file of commands.</source>
        <translation>내보낸 파일 또는 명령 파일을 선택하세요.</translation>
    </message>
    <message>
        <source>File not found.</source>
        <translation>그런 파일이 없습니다.</translation>
    </message>
    <message>
        <source>Each value is stored under its key in one step, once it is complete. A file of commands is executed line by line.</source>
        <translation>각 값은 온전히 준비되면 한 번에 키에 저장됩니다. 명령 파일은 한 줄씩 실행합니다.</translation>
    </message>
    <message>
        <source>Check %1</source>
        <translation>%1 검사</translation>
    </message>
    <message>
        <source>Import %1</source>
        <translation>%1 가져오기</translation>
    </message>
    <message>
        <source>%1 would be written</source>
        <translation>%1개를 쓰게 됨</translation>
    </message>
    <message>
        <source>%1 already exist, or had expired</source>
        <translation>%1개는 이미 있거나 만료됨</translation>
    </message>
    <message>
        <source>%1 (read-only)</source>
        <translation>%1(읽기 전용)</translation>
    </message>
    <message>
        <source>Copy %1 keys</source>
        <translation>키 %1개 복사</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>복사</translation>
    </message>
    <message>
        <source>To</source>
        <translation>대상</translation>
    </message>
    <message>
        <source>Database</source>
        <translation>데이터베이스</translation>
    </message>
    <message>
        <source>First open the target connection in another tab.</source>
        <translation>키를 복사할 연결을 먼저 다른 탭에서 여세요.</translation>
    </message>
    <message>
        <source>This connection was closed.</source>
        <translation>이 연결은 닫혔습니다.</translation>
    </message>
    <message>
        <source>This connection is read-only.</source>
        <translation>읽기 전용 연결입니다.</translation>
    </message>
    <message>
        <source>This connection is not connected.</source>
        <translation>이 연결은 연결되어 있지 않습니다.</translation>
    </message>
    <message>
        <source>Enter the number of a database.</source>
        <translation>데이터베이스 번호를 입력하세요.</translation>
    </message>
    <message>
        <source>Values are copied unchanged (DUMP, RESTORE) if a first key shows that the target accepts them, otherwise element by element. Times to live stay, and each copy is read again and compared.</source>
        <translation>첫 번째 키로 대상이 받아들이는지 확인되면 값을 그대로 복사하고(DUMP, RESTORE), 그렇지 않으면 요소별로 복사합니다. TTL은 유지되며, 각 사본을 다시 읽어 비교합니다.</translation>
    </message>
    <message>
        <source>Copy %1 keys to %2</source>
        <translation>키 %1개 복사 → %2</translation>
    </message>
    <message>
        <source>%1 copied and compared</source>
        <translation>%1개 복사 및 비교 완료</translation>
    </message>
    <message>
        <source>%1 already exist there, or were gone</source>
        <translation>%1개는 대상에 이미 있거나 사라짐</translation>
    </message>
    <message>
        <source>Dry run: %1 keys of %2 had no time to live when they were last read (%3).</source>
        <translation>시험 실행: 방금 읽었을 때 %2의 키 %1개에 만료 시간이 없었습니다(%3).</translation>
    </message>
    <message>
        <source>A key that gets a time to live before the job reaches it is not changed.</source>
        <translation>작업이 닿기 전에 만료 시간이 생긴 키는 그대로 둡니다.</translation>
    </message>
    <message>
        <source>The scan has not finished: keys that it has not read are not included.</source>
        <translation>스캔이 끝나지 않았습니다. 아직 읽지 않은 키는 포함되지 않습니다.</translation>
    </message>
    <message>
        <source>%1 had a time to live by then, or were gone</source>
        <translation>%1개는 그때 만료 시간이 있었거나 사라졌습니다</translation>
    </message>
    <message>
        <source>%1 and %2 more</source>
        <translation>%1 외 %2개</translation>
    </message>
    <message>
        <source>Delete 1 key</source>
        <translation>키 1개 삭제</translation>
    </message>
    <message>
        <source>%1: %2?</source>
        <comment>Delete 10 keys: “config:*”?</comment>
        <translation>%1: %2?</translation>
    </message>
    <message>
        <source>These are all the keys that the scan found there.</source>
        <translation>스캔이 그곳에서 찾은 모든 키입니다.</translation>
    </message>
    <message>
        <source>Only the keys that match the search “%1” are included; the others stay.</source>
        <translation>검색 “%1”과(와) 일치하는 키만 포함되며, 나머지는 그대로 남습니다.</translation>
    </message>
    <message>
        <source>The scan has not finished.</source>
        <translation>스캔이 아직 끝나지 않았습니다.</translation>
    </message>
</context>
<context>
    <name>slotscope::KeyPane</name>
    <message>
        <source>change…</source>
        <translation>변경…</translation>
    </message>
    <message>
        <source>Characters that divide names into folders</source>
        <translation>이름을 폴더로 나누는 구분자</translation>
    </message>
    <message>
        <source>Scan all again</source>
        <translation>전체 다시 스캔</translation>
    </message>
    <message>
        <source>order…</source>
        <translation>정렬…</translation>
    </message>
    <message>
        <source>Sort by time to live, memory, length or idle time; show only keys without a time to live</source>
        <translation>TTL, 메모리, 길이, 유휴 시간순 정렬; TTL이 없는 키</translation>
    </message>
    <message>
        <source>Part of a name, or the exact name of a key</source>
        <translation>키 이름 또는 그 일부</translation>
    </message>
    <message>
        <source>Search keys</source>
        <translation>키 검색</translation>
    </message>
    <message>
        <source>text</source>
        <translation>텍스트</translation>
    </message>
    <message>
        <source>glob</source>
        <translation>glob</translation>
    </message>
    <message>
        <source>regex</source>
        <translation>정규식</translation>
    </message>
    <message>
        <source>How the search text is interpreted</source>
        <translation>검색어 해석 방법</translation>
    </message>
    <message>
        <source>text: literally, anywhere in the name. glob: * ? [ ] as in Redis, the whole name. regex: a regular expression, anywhere.</source>
        <translation>텍스트: 입력한 그대로, 이름의 어느 위치든. glob: * ? [ ]를 Redis 방식으로, 이름 전체와 비교. 정규식: 정규 표현식, 이름의 어느 위치든.</translation>
    </message>
    <message>
        <source>Any type</source>
        <translation>모든 유형</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>유형</translation>
    </message>
    <message>
        <source>Favourites, recently opened keys, past searches</source>
        <translation>즐겨찾기, 최근에 연 키, 지난 검색</translation>
    </message>
    <message>
        <source>Pause the scan</source>
        <translation>스캔 일시 중지</translation>
    </message>
    <message>
        <source>Stop the scan</source>
        <translation>스캔 중지</translation>
    </message>
    <message>
        <source>Scan again (F5)</source>
        <translation>다시 스캔(F5)</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>키</translation>
    </message>
    <message>
        <source>%1 k/s</source>
        <translation>%1 k/s</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>일시 중지됨</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>중지됨</translation>
    </message>
    <message>
        <source>took %1</source>
        <translation>소요 시간 %1</translation>
    </message>
    <message>
        <source>Not scanned yet</source>
        <translation>아직 스캔하지 않음</translation>
    </message>
    <message>
        <source>%1 match</source>
        <translation>%1개 일치</translation>
    </message>
    <message>
        <source>No folders</source>
        <translation>폴더 없음</translation>
    </message>
    <message>
        <source>Folders by  %1</source>
        <translation>폴더 구분자  %1</translation>
    </message>
    <message>
        <source>The keys could not be read</source>
        <translation>키를 읽지 못했습니다</translation>
    </message>
    <message>
        <source>No key matches</source>
        <translation>일치하는 키가 없습니다</translation>
    </message>
    <message>
        <source>Press Enter to open the key with exactly this name, even if it was not scanned.</source>
        <translation>Enter를 누르면 스캔 여부와 관계없이 정확히 이 이름의 키를 엽니다.</translation>
    </message>
    <message>
        <source>No keys here</source>
        <translation>키가 없습니다</translation>
    </message>
    <message>
        <source>The database contains no keys, or none of this type.</source>
        <translation>저장된 키가 없거나 이 유형의 키가 없습니다.</translation>
    </message>
    <message>
        <source>Database %1 contains no keys.</source>
        <translation>데이터베이스 %1에 저장된 키가 없습니다.</translation>
    </message>
    <message>
        <source>Reading the first keys…</source>
        <translation>첫 번째 키를 읽는 중…</translation>
    </message>
    <message>
        <source>Find</source>
        <translation>찾기</translation>
    </message>
    <message>
        <source>(empty)</source>
        <translation>(비어 있음)</translation>
    </message>
    <message>
        <source>%1 rows</source>
        <translation>행 %1개</translation>
    </message>
    <message numerus="yes">
        <source>%n key(s)</source>
        <translation>
            <numerusform>키 %n개</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 keys in %n folder(s)</source>
        <translation>
            <numerusform>폴더 %n개의 키 %1개</numerusform>
        </translation>
    </message>
    <message>
        <source>This connection is read-only.</source>
        <translation>읽기 전용 연결입니다.</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>닫기</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>열기</translation>
    </message>
    <message>
        <source>Scan only this folder</source>
        <translation>이 폴더만 스캔</translation>
    </message>
    <message>
        <source>Copy the folder&apos;s name</source>
        <translation>폴더 이름 복사</translation>
    </message>
    <message>
        <source>Open in a new tab</source>
        <translation>새 탭에서 열기</translation>
    </message>
    <message>
        <source>Remove from favourites</source>
        <translation>즐겨찾기에서 제거</translation>
    </message>
    <message>
        <source>Add to favourites</source>
        <translation>즐겨찾기에 추가</translation>
    </message>
    <message>
        <source>Copy the name</source>
        <translation>이름 복사</translation>
    </message>
    <message>
        <source>Copy the name with escapes</source>
        <translation>이스케이프로 이름 복사</translation>
    </message>
    <message>
        <source>Show on the slot map</source>
        <translation>슬롯 맵에서 보기</translation>
    </message>
    <message>
        <source>Show its node</source>
        <translation>노드 보기</translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation>이름 바꾸기…</translation>
    </message>
    <message>
        <source>Delete…</source>
        <translation>삭제…</translation>
    </message>
    <message>
        <source>none yet</source>
        <translation>아직 없음</translation>
    </message>
    <message>
        <source>Favourites</source>
        <translation>즐겨찾기</translation>
    </message>
    <message>
        <source>Recently opened</source>
        <translation>최근에 연 키</translation>
    </message>
    <message>
        <source>Searches</source>
        <translation>검색 기록</translation>
    </message>
    <message>
        <source>Clear recently opened keys and searches</source>
        <translation>최근에 연 키와 검색 기록 지우기</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>내보내기…</translation>
    </message>
    <message>
        <source>Copy to another connection…</source>
        <translation>다른 연결로 복사…</translation>
    </message>
    <message>
        <source>Rename a prefix…</source>
        <translation>이름 앞부분 바꾸기…</translation>
    </message>
    <message>
        <source>Expire…</source>
        <translation>만료 설정…</translation>
    </message>
    <message>
        <source>Only %1 ×</source>
        <translation>%1만 ×</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>사용</translation>
    </message>
    <message>
        <source>Delimiters, separated by spaces</source>
        <translation>구분자, 공백으로 구분</translation>
    </message>
    <message>
        <source>Such as  :  or  : / .  The tree changes at once, without a new scan.</source>
        <translation>예:  :  또는  : / .  트리가 바로 바뀌며 다시 스캔하지 않습니다.</translation>
    </message>
    <message>
        <source>Columns</source>
        <translation>열</translation>
    </message>
    <message>
        <source>By name</source>
        <translation>이름순</translation>
    </message>
    <message>
        <source>By time to live</source>
        <translation>TTL순</translation>
    </message>
    <message>
        <source>By memory</source>
        <translation>메모리순</translation>
    </message>
    <message>
        <source>By length</source>
        <translation>길이순</translation>
    </message>
    <message>
        <source>By idle time</source>
        <translation>유휴 시간순</translation>
    </message>
    <message>
        <source>Only keys without a time to live</source>
        <translation>TTL이 없는 키만</translation>
    </message>
    <message>
        <source>More</source>
        <translation>더 보기</translation>
    </message>
    <message>
        <source>Export, copy, rename</source>
        <translation>내보내기, 복사, 이름 바꾸기</translation>
    </message>
    <message>
        <source>Resume the scan</source>
        <translation>스캔 다시 시작</translation>
    </message>
    <message numerus="yes">
        <source>1 key in %n folder(s)</source>
        <translation>
            <numerusform>폴더 %n개에 키 1개</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>slotscope::KeyPieceReader</name>
    <message>
        <source>the cluster is not connected yet</source>
        <translation>클러스터가 아직 연결되지 않았습니다</translation>
    </message>
    <message>
        <source>no node serves its slot</source>
        <translation>슬롯을 서비스하는 노드가 없습니다</translation>
    </message>
</context>
<context>
    <name>slotscope::KeyRowsModel</name>
    <message>
        <source>(empty)</source>
        <translation>(비어 있음)</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1 (%2)</translation>
    </message>
    <message>
        <source>refused</source>
        <translation>거부됨</translation>
    </message>
    <message>
        <source>gone</source>
        <translation>사라짐</translation>
    </message>
    <message>
        <source>none</source>
        <translation>없음</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>키</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>유형</translation>
    </message>
    <message>
        <source>TTL</source>
        <translation>TTL</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>메모리</translation>
    </message>
    <message>
        <source>Length</source>
        <translation>길이</translation>
    </message>
    <message>
        <source>Encoding</source>
        <translation>인코딩</translation>
    </message>
    <message>
        <source>Idle</source>
        <translation>유휴</translation>
    </message>
    <message>
        <source>Slot</source>
        <translation>슬롯</translation>
    </message>
    <message>
        <source>Node</source>
        <translation>노드</translation>
    </message>
</context>
<context>
    <name>slotscope::KeySizesReader</name>
    <message>
        <source>the cluster is not connected yet</source>
        <translation>클러스터가 아직 연결되지 않았습니다</translation>
    </message>
    <message>
        <source>no primary is known</source>
        <translation>알려진 프라이머리가 없습니다</translation>
    </message>
</context>
<context>
    <name>slotscope::LatencyCommands</name>
    <message>
        <source>Measure from now</source>
        <translation>이 시점 표시</translation>
    </message>
    <message>
        <source>Since the start</source>
        <translation>시작부터</translation>
    </message>
    <message>
        <source>Node</source>
        <translation>노드</translation>
    </message>
    <message>
        <source>Counts only commands that run after this moment</source>
        <translation>지금부터 이 시점 이후에 실행된 것만</translation>
    </message>
    <message>
        <source>By command</source>
        <translation>명령별</translation>
    </message>
    <message>
        <source>All nodes</source>
        <translation>모든 노드</translation>
    </message>
    <message>
        <source>since %1</source>
        <translation>%1 이후</translation>
    </message>
    <message>
        <source>since the servers&apos; start or CONFIG RESETSTAT</source>
        <translation>서버 시작 또는 CONFIG RESETSTAT 이후</translation>
    </message>
    <message>
        <source>1 call</source>
        <translation>호출 1회</translation>
    </message>
    <message>
        <source>%1 calls</source>
        <translation>호출 %1회</translation>
    </message>
    <message>
        <source>1 node</source>
        <translation>노드 1개</translation>
    </message>
    <message>
        <source>%1 nodes</source>
        <translation>노드 %1개</translation>
    </message>
</context>
<context>
    <name>slotscope::LatencyEventModel</name>
    <message>
        <source>%1 ms</source>
        <translation>%1 ms</translation>
    </message>
    <message>
        <source>%1 times, %2 ms on average</source>
        <translation>%1회, 평균 %2 ms</translation>
    </message>
    <message>
        <source>Event</source>
        <translation>이벤트</translation>
    </message>
    <message>
        <source>Node</source>
        <translation>노드</translation>
    </message>
    <message>
        <source>Latest</source>
        <translation>최근</translation>
    </message>
    <message>
        <source>Longest</source>
        <translation>최대</translation>
    </message>
    <message>
        <source>When</source>
        <translation>시각</translation>
    </message>
    <message>
        <source>History</source>
        <translation>기록</translation>
    </message>
    <message>
        <source>Meaning</source>
        <translation>내용</translation>
    </message>
</context>
<context>
    <name>slotscope::LatencyPage</name>
    <message>
        <source>Nothing has been measured yet</source>
        <translation>아직 측정한 값이 없습니다</translation>
    </message>
    <message>
        <source>Round-trip times appear as soon as the nodes answer.</source>
        <translation>노드가 응답하면 왕복 시간이 표시됩니다.</translation>
    </message>
    <message>
        <source>This connection is read-only.</source>
        <translation>읽기 전용 연결입니다.</translation>
    </message>
    <message>
        <source>Live</source>
        <translation>실시간</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>일시 중지됨</translation>
    </message>
    <message>
        <source>Stop pinging; its connections are closed (Space)</source>
        <translation>PING 중지; 전용 연결을 끊습니다(Space)</translation>
    </message>
    <message>
        <source>one ping every %1 to each node on a connection of its own</source>
        <translation>노드마다 전용 연결로 %1에 한 번 PING</translation>
    </message>
    <message>
        <source>%1 pings per second to each node on a connection of its own</source>
        <translation>노드마다 전용 연결로 초당 PING %1회</translation>
    </message>
    <message>
        <source>jitter of this program p99 %1 ms, longest %2 ms, shown separately</source>
        <translation>자체 지터 p99 %1 ms, 최대 %2 ms, 별도 표시</translation>
    </message>
    <message>
        <source>1 ping result dropped here</source>
        <translation>PING 1회를 자체 지연으로 건너뜀</translation>
    </message>
    <message>
        <source>%1 ping results dropped here</source>
        <translation>PING %1회를 자체 지연으로 건너뜀</translation>
    </message>
    <message>
        <source>off</source>
        <translation>꺼짐</translation>
    </message>
    <message>
        <source>over %1 ms</source>
        <translation>%1 ms 초과</translation>
    </message>
    <message>
        <source>%1 on %2</source>
        <translation>노드 %2개 %1</translation>
    </message>
    <message>
        <source>LATENCY LATEST of %1, %2</source>
        <translation>%1의 LATENCY LATEST, %2</translation>
    </message>
    <message>
        <source>1 node</source>
        <translation>노드 1개</translation>
    </message>
    <message>
        <source>%1 nodes</source>
        <translation>노드 %1개</translation>
    </message>
    <message>
        <source>threshold unknown</source>
        <translation>임계값을 알 수 없음</translation>
    </message>
    <message>
        <source>%1 does not report what blocked it: the user lacks %2. Round trips need no permission.</source>
        <translation>%1의 지연 원인을 알 수 없습니다. 사용자에게 %2 권한이 없습니다. 왕복 시간에는 권한이 필요 없습니다.</translation>
    </message>
    <message>
        <source>Every node</source>
        <translation>모든 노드</translation>
    </message>
    <message>
        <source>The user lacks %1.</source>
        <translation>사용자에게 %1 권한이 없습니다.</translation>
    </message>
    <message>
        <source>all %1 nodes</source>
        <translation>모든 노드 %1개</translation>
    </message>
    <message>
        <source>all events</source>
        <translation>모든 이벤트</translation>
    </message>
    <message>
        <source>Reset</source>
        <translation>초기화</translation>
    </message>
    <message>
        <source>Reset %1 on %2?</source>
        <translation>%2에서 %1 기록을 지울까요?</translation>
    </message>
    <message>
        <source>LATENCY RESET: the servers delete the recorded events, and so does this page.</source>
        <translation>LATENCY RESET: 서버의 기록이 지워지고 이 페이지의 기록도 지워집니다.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <source>All events on all nodes…</source>
        <translation>모든 노드의 모든 이벤트…</translation>
    </message>
    <message>
        <source>%1 on this node…</source>
        <translation>이 노드의 %1…</translation>
    </message>
    <message>
        <source>Save round-trip times as CSV…</source>
        <translation>왕복 시간을 CSV로…</translation>
    </message>
    <message>
        <source>Save round-trip times as JSON…</source>
        <translation>왕복 시간을 JSON으로…</translation>
    </message>
    <message>
        <source>Save events as CSV…</source>
        <translation>이벤트를 CSV로…</translation>
    </message>
    <message>
        <source>Save events as JSON…</source>
        <translation>이벤트를 JSON으로…</translation>
    </message>
    <message>
        <source>Save commands as CSV…</source>
        <translation>명령을 CSV로…</translation>
    </message>
    <message>
        <source>Save commands as JSON…</source>
        <translation>명령을 JSON으로…</translation>
    </message>
    <message>
        <source>Picture of the spectrum (PNG)…</source>
        <translation>스펙트럼을 그림으로(PNG)…</translation>
    </message>
    <message>
        <source>Latency</source>
        <translation>지연 시간</translation>
    </message>
    <message>
        <source>Round trip</source>
        <translation>왕복 시간</translation>
    </message>
    <message>
        <source>By command</source>
        <translation>명령별</translation>
    </message>
    <message>
        <source>What is shown</source>
        <translation>표시 내용</translation>
    </message>
    <message>
        <source>Time shown</source>
        <translation>표시 기간</translation>
    </message>
    <message>
        <source>Last %1 min</source>
        <translation>최근 %1분</translation>
    </message>
    <message>
        <source>Doctor</source>
        <translation>닥터</translation>
    </message>
    <message>
        <source>Copy ACL command</source>
        <translation>ACL 명령 복사</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>닫기</translation>
    </message>
    <message>
        <source>Round trips</source>
        <translation>왕복 시간</translation>
    </message>
    <message>
        <source>Spectrum</source>
        <translation>스펙트럼</translation>
    </message>
    <message>
        <source>Threshold on all…</source>
        <translation>모든 노드의 임계값…</translation>
    </message>
    <message>
        <source>Reset…</source>
        <translation>초기화…</translation>
    </message>
    <message>
        <source>Events that the servers recorded</source>
        <translation>서버가 기록한 이벤트</translation>
    </message>
    <message>
        <source>Round-trip times measured so far</source>
        <translation>지금까지 측정한 왕복 시간</translation>
    </message>
    <message>
        <source>Resume (Space)</source>
        <translation>다시 시작(스페이스)</translation>
    </message>
    <message>
        <source>Pause, or measure on</source>
        <translation>일시 중지 또는 계속 측정</translation>
    </message>
    <message>
        <source>Commands, or round trips</source>
        <translation>명령 또는 왕복 시간</translation>
    </message>
    <message>
        <source>Threshold of the latency monitor…</source>
        <translation>지연 시간 모니터의 임계값…</translation>
    </message>
    <message>
        <source>round trips of the last %1</source>
        <translation>최근 %1의 왕복 시간</translation>
    </message>
</context>
<context>
    <name>slotscope::LatencyThreshold</name>
    <message>
        <source>Threshold of the latency monitor</source>
        <translation>지연 시간 모니터의 임계값</translation>
    </message>
    <message>
        <source> ms</source>
        <translation> ms</translation>
    </message>
    <message>
        <source>off</source>
        <translation>꺼짐</translation>
    </message>
    <message>
        <source>Record events longer than</source>
        <translation>기록할 최소 시간</translation>
    </message>
    <message>
        <source>On</source>
        <translation>적용 대상</translation>
    </message>
    <message>
        <source>this node</source>
        <translation>이 노드</translation>
    </message>
    <message>
        <source>all %1 nodes</source>
        <translation>모든 노드 %1개</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>닫기</translation>
    </message>
    <message>
        <source>Set on 1 node</source>
        <translation>노드 1개에 설정</translation>
    </message>
    <message>
        <source>Set on %1 nodes</source>
        <translation>노드 %1개에 설정</translation>
    </message>
    <message>
        <source>CONFIG SET latency-monitor-threshold %1. It is lost when the server restarts, unless CONFIG REWRITE saves it.</source>
        <translation>CONFIG SET latency-monitor-threshold %1. CONFIG REWRITE로 저장하지 않으면 서버를 다시 시작할 때까지만 유지됩니다.</translation>
    </message>
    <message>
        <source>Nothing was changed.</source>
        <translation>아무것도 변경되지 않았습니다.</translation>
    </message>
</context>
<context>
    <name>slotscope::LatestChanges</name>
    <message>
        <source>for %1</source>
        <translation>%1 동안</translation>
    </message>
    <message>
        <source>just now</source>
        <translation>방금</translation>
    </message>
    <message>
        <source>%1 ago</source>
        <translation>%1 전</translation>
    </message>
    <message>
        <source>Latest changes</source>
        <translation>최근 변경</translation>
    </message>
    <message>
        <source>All…</source>
        <translation>모두…</translation>
    </message>
    <message>
        <source>d MMM HH:mm:ss</source>
        <translation>M월 d일 HH:mm:ss</translation>
    </message>
    <message>
        <source>d MMM</source>
        <translation>M월 d일</translation>
    </message>
    <message>
        <source>No change recorded yet.</source>
        <translation>아직 기록된 내용이 없습니다.</translation>
    </message>
    <message>
        <source>All recorded changes except saves, the newest %1</source>
        <translation>저장을 제외하고 기록된 모든 것, 최근 %1개</translation>
    </message>
</context>
<context>
    <name>slotscope::LegendDelegate</name>
    <message>
        <source>%1 keys</source>
        <translation>키 %1</translation>
    </message>
</context>
<context>
    <name>slotscope::LineReader</name>
    <message>
        <source>its “%1” is missing or wrong</source>
        <translation>“%1”이(가) 없거나 잘못되었습니다</translation>
    </message>
</context>
<context>
    <name>slotscope::LinkPool</name>
    <message>
        <source>it does not report its identity, so only KILL commands are sent to it</source>
        <translation>자신이 누구인지 알려 주지 않아 KILL 명령만 보냅니다</translation>
    </message>
    <message>
        <source>node %1 is not reachable from here</source>
        <translation>여기에서 노드 %1에 접근할 수 없습니다</translation>
    </message>
</context>
<context>
    <name>slotscope::LoadCommand</name>
    <message>
        <source>“%1” is not a command that the load test knows; a command of your own needs {key} in place of the key</source>
        <translation>“%1”은(는) 부하 테스트가 아는 명령이 아닙니다. 직접 쓴 줄에는 키 자리 {key}가 있어야 합니다</translation>
    </message>
    <message>
        <source>“%1” contains a password</source>
        <translation>“%1”에 비밀번호가 있습니다</translation>
    </message>
    <message>
        <source>“%1” contains no key: write {key} as a separate word in its place</source>
        <translation>“%1”에 키가 없습니다: {key}는 따로 선 단어로 그 자리를 나타냅니다</translation>
    </message>
</context>
<context>
    <name>slotscope::LoadForm</name>
    <message>
        <source>What the load test does</source>
        <translation>부하 테스트가 하는 일</translation>
    </message>
    <message>
        <source>Reads go to replicas</source>
        <translation>읽기는 레플리카로</translation>
    </message>
    <message>
        <source>First write the keys to be read</source>
        <translation>읽을 키를 먼저 쓰기</translation>
    </message>
    <message>
        <source>Keep the keys</source>
        <translation>키를 남겨 두기</translation>
    </message>
    <message>
        <source>Commands with their weights. Known: %1; or lines with {key}, {value}, {number}.</source>
        <translation>명령과 그 비율. 아는 명령: %1. 또는 {key}, {value}, {number}가 든 줄.</translation>
    </message>
    <message>
        <source>Commands</source>
        <translation>명령</translation>
    </message>
    <message>
        <source>Requests per second</source>
        <translation>초당 요청</translation>
    </message>
    <message>
        <source>as many as possible</source>
        <translation>가능한 한 많이</translation>
    </message>
    <message>
        <source>Seconds</source>
        <translation>초</translation>
    </message>
    <message>
        <source>until all are sent</source>
        <translation>모두 보낼 때까지</translation>
    </message>
    <message>
        <source>Requests</source>
        <translation>요청</translation>
    </message>
    <message>
        <source>no limit</source>
        <translation>제한 없음</translation>
    </message>
    <message>
        <source>Warm-up, seconds</source>
        <translation>준비 시간(초)</translation>
    </message>
    <message>
        <source>Connections</source>
        <translation>연결</translation>
    </message>
    <message>
        <source>Pipeline</source>
        <translation>파이프라인</translation>
    </message>
    <message>
        <source>Value size in bytes: 64, or 64-1024, or 4k.</source>
        <translation>값의 바이트: 64, 64-1024 또는 4k.</translation>
    </message>
    <message>
        <source>Size of values</source>
        <translation>값의 크기</translation>
    </message>
    <message>
        <source>Keys per type</source>
        <translation>종류별 키 수</translation>
    </message>
    <message>
        <source>Order of keys</source>
        <translation>키 순서</translation>
    </message>
    <message>
        <source>Hash tags</source>
        <translation>해시 태그</translation>
    </message>
    <message>
        <source>none</source>
        <translation>없음</translation>
    </message>
    <message>
        <source>Prefix of keys</source>
        <translation>키 접두사</translation>
    </message>
    <message>
        <source>Start the load test</source>
        <translation>부하 테스트 시작</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>중지</translation>
    </message>
    <message>
        <source>Keep the remaining keys</source>
        <translation>남은 키를 그대로 두기</translation>
    </message>
    <message>
        <source>The number of the run and a colon are added, so that no other keys are touched.</source>
        <translation>뒤에 실행 번호와 콜론이 붙으므로 다른 누구의 키도 건드리지 않습니다.</translation>
    </message>
</context>
<context>
    <name>slotscope::LoadGenerator</name>
    <message>
        <source>stopped</source>
        <translation>중지됨</translation>
    </message>
    <message>
        <source>a load test is running</source>
        <translation>부하 테스트가 진행 중입니다</translation>
    </message>
    <message>
        <source>the keys are in database %1: connect to that database</source>
        <translation>키는 데이터베이스 %1에 있습니다: 그곳에 연결하세요</translation>
    </message>
    <message>
        <source>“%1” uses keys other than {key}, or the server does not report which keys it uses</source>
        <translation>“%1”에 {key} 외의 키가 있거나, 서버가 어떤 키인지 알려 주지 않습니다</translation>
    </message>
    <message>
        <source>“%1” may block, so its reply time would be meaningless</source>
        <translation>“%1”은(는) 차단될 수 있어 그 시간은 의미가 없습니다</translation>
    </message>
    <message>
        <source>the keys to be read could not be written first: %1</source>
        <translation>읽을 키를 먼저 쓸 수 없었습니다: %1</translation>
    </message>
    <message>
        <source>no primary is known</source>
        <translation>알려진 프라이머리가 없습니다</translation>
    </message>
    <message>
        <source>no socket can be opened</source>
        <translation>소켓을 열 수 없습니다</translation>
    </message>
    <message>
        <source>no connection to a node</source>
        <translation>노드에 대한 연결 없음</translation>
    </message>
    <message>
        <source>not all keys of the test were deleted (%1): the load test offers to delete them again, and so does load --clean</source>
        <translation>테스트의 키가 모두 제거되지 않았습니다(%1). 부하 테스트가 다시 제안하며 load --clean으로 제거할 수 있습니다</translation>
    </message>
    <message>
        <source>no node serves the slot</source>
        <translation>슬롯을 담당하는 노드 없음</translation>
    </message>
    <message>
        <source>%1 already exists, so the test would change keys that are not its own: start it again</source>
        <translation>%1이(가) 이미 있어 테스트가 자기 것이 아닌 키를 바꾸게 됩니다. 다시 시작하십시오</translation>
    </message>
    <message>
        <source>“%1” changes the state of the connection, so later requests on it would not be comparable</source>
        <translation>“%1”은(는) 연결의 동작을 바꾸므로, 그 뒤에 보내는 것은 더 이상 테스트가 아니게 됩니다</translation>
    </message>
</context>
<context>
    <name>slotscope::LoadPlot</name>
    <message>
        <source>Requests per second over the time of the test</source>
        <translation>테스트 시간에 따른 초당 요청</translation>
    </message>
    <message>
        <source>p50, p99 and longest time over the time of the test</source>
        <translation>테스트 시간에 따른 p50, p99, 최장 시간</translation>
    </message>
    <message>
        <source>p50</source>
        <translation>p50</translation>
    </message>
    <message>
        <source>p99</source>
        <translation>p99</translation>
    </message>
    <message>
        <source>longest</source>
        <translation>최장</translation>
    </message>
</context>
<context>
    <name>slotscope::LoadStore</name>
    <message>
        <source>%1 is too large to be read</source>
        <translation>%1이(가) 너무 커서 읽을 수 없습니다</translation>
    </message>
</context>
<context>
    <name>slotscope::LoadView</name>
    <message>
        <source>Delete them</source>
        <translation>삭제</translation>
    </message>
    <message>
        <source>State of the load test</source>
        <translation>부하 테스트 상태</translation>
    </message>
    <message>
        <source>Requests per second</source>
        <translation>초당 요청</translation>
    </message>
    <message>
        <source>Failures, and how to read the times</source>
        <translation>실패한 것 또는 시간을 읽는 법</translation>
    </message>
    <message>
        <source>No load test yet</source>
        <translation>아직 부하 테스트 없음</translation>
    </message>
    <message>
        <source>A load test sends the commands on the left to all primaries and shows how many are answered, how long that takes, and what fails. Its keys have a prefix of their own and are deleted at the end.</source>
        <translation>부하 테스트는 왼쪽의 명령을 모든 프라이머리에 보내고, 얼마나 응답하는지, 얼마나 걸리는지, 무엇이 실패하는지 알려 줍니다. 테스트의 키는 자체 접두사를 가지며 끝나면 삭제됩니다.</translation>
    </message>
    <message>
        <source>Results of load tests</source>
        <translation>부하 테스트 결과</translation>
    </message>
    <message>
        <source>Results per node and command</source>
        <translation>노드와 명령별 수치</translation>
    </message>
    <message>
        <source>Node, command</source>
        <translation>노드, 명령</translation>
    </message>
    <message>
        <source>Per second</source>
        <translation>초당</translation>
    </message>
    <message>
        <source>Answered</source>
        <translation>응답</translation>
    </message>
    <message>
        <source>Errors</source>
        <translation>오류</translation>
    </message>
    <message>
        <source>Longest</source>
        <translation>최장</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>열기</translation>
    </message>
    <message>
        <source>Compare with it</source>
        <translation>이것과 비교</translation>
    </message>
    <message>
        <source>Compare the displayed test with the selected one</source>
        <translation>표시된 테스트를 선택한 테스트와 비교</translation>
    </message>
    <message>
        <source>Forget</source>
        <translation>잊기</translation>
    </message>
    <message>
        <source>Values per second as CSV…</source>
        <translation>초별 수치를 CSV로…</translation>
    </message>
    <message>
        <source>The report as JSON…</source>
        <translation>보고서를 JSON으로…</translation>
    </message>
    <message>
        <source>Earlier load tests of this cluster</source>
        <translation>이 클러스터의 이전 부하 테스트</translation>
    </message>
    <message>
        <source>Started</source>
        <translation>시작</translation>
    </message>
    <message>
        <source>What</source>
        <translation>사건</translation>
    </message>
    <message>
        <source>Earlier tests</source>
        <translation>이전 테스트</translation>
    </message>
    <message>
        <source>Not the same test: %1</source>
        <translation>같은 테스트가 아님: %1</translation>
    </message>
    <message>
        <source>There is no connection.</source>
        <translation>연결이 없습니다.</translation>
    </message>
    <message>
        <source>This connection is read-only, but a load test writes keys. Unlock writes in the status line to start one.</source>
        <translation>이 연결은 읽기 전용입니다. 부하 테스트는 키를 씁니다. 시작하려면 상태 표시줄에서 쓰기를 잠금 해제하세요.</translation>
    </message>
    <message>
        <source>Keys of a load test that ended early still exist (%1…).</source>
        <translation>일찍 끝난 부하 테스트의 키가 남아 있습니다(%1…).</translation>
    </message>
    <message>
        <source>This connection is read-only.</source>
        <translation>이 연결은 읽기 전용입니다.</translation>
    </message>
    <message>
        <source>This is production: first type its name on the left.</source>
        <translation>운영 환경입니다. 먼저 왼쪽에 이름을 입력하세요.</translation>
    </message>
    <message>
        <source>%1 keys deleted</source>
        <translation>키 %1개 삭제됨</translation>
    </message>
    <message>
        <source>The load test was not started.</source>
        <translation>부하 테스트를 시작하지 못했습니다.</translation>
    </message>
    <message>
        <source>Connecting…</source>
        <translation>연결하는 중…</translation>
    </message>
    <message>
        <source>Writing the keys to be read…</source>
        <translation>읽을 키를 쓰는 중…</translation>
    </message>
    <message>
        <source>Deleting its keys…</source>
        <translation>키를 삭제하는 중…</translation>
    </message>
    <message>
        <source>Warm-up…</source>
        <translation>준비 중…</translation>
    </message>
    <message>
        <source>Running…</source>
        <translation>실행 중…</translation>
    </message>
    <message>
        <source>%1 per second</source>
        <translation>초당 %1</translation>
    </message>
    <message>
        <source>%1 (replica)</source>
        <translation>%1(레플리카)</translation>
    </message>
    <message>
        <source>all</source>
        <translation>전체</translation>
    </message>
    <message>
        <source>%1: %2 times %3</source>
        <translation>%1: %3 %2회</translation>
    </message>
    <message>
        <source>Connections to %1 ended: %2</source>
        <translation>%1 연결이 끝남: %2</translation>
    </message>
    <message>
        <source>%1 were due but not answered by the end; they count with their waiting time.</source>
        <translation>%1개는 보냈어야 했지만 끝까지 응답이 없었습니다. 기다린 시간만큼 셉니다.</translation>
    </message>
    <message>
        <source>%1 per second, p50 %2, p99 %3, longest %4 · %5</source>
        <translation>초당 %1, p50 %2, p99 %3, 최장 %4 · %5</translation>
    </message>
    <message>
        <source>Milliseconds</source>
        <translation>밀리초</translation>
    </message>
</context>
<context>
    <name>slotscope::LocalCluster</name>
    <message>
        <source>no temporary folder could be created: %1</source>
        <translation>임시 폴더를 만들 수 없습니다: %1</translation>
    </message>
    <message>
        <source>the process that watches the local cluster could not be started: %1</source>
        <translation>로컬 클러스터의 감시 프로그램을 시작하지 못했습니다: %1</translation>
    </message>
    <message>
        <source>“%1” was not found: install redis-server, or choose one with --server</source>
        <translation>“%1”을(를) 찾을 수 없습니다. redis-server를 설치하거나 --server로 지정하세요</translation>
    </message>
    <message>
        <source>%1 could not be started: %2</source>
        <translation>%1을(를) 시작하지 못했습니다: %2</translation>
    </message>
    <message>
        <source>the server for %1 exited at once: %2</source>
        <translation>%1의 서버가 바로 종료되었습니다: %2</translation>
    </message>
    <message>
        <source>no free port</source>
        <translation>사용할 수 있는 포트가 없습니다</translation>
    </message>
    <message>
        <source>port %1 is in use</source>
        <translation>포트 %1은(는) 이미 사용 중입니다</translation>
    </message>
</context>
<context>
    <name>slotscope::MainWindow</name>
    <message>
        <source>Slotscope</source>
        <translation>Slotscope</translation>
    </message>
    <message>
        <source>New connection (Ctrl+T)</source>
        <translation>새 연결(Ctrl+T)</translation>
    </message>
    <message>
        <source>New connection</source>
        <translation>새 연결</translation>
    </message>
    <message>
        <source>Find a page, node, command…   Ctrl K</source>
        <translation>페이지, 노드, 명령 찾기…   Ctrl K</translation>
    </message>
    <message>
        <source>Follow the system</source>
        <translation>시스템 설정 따름</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>어둡게</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>밝게</translation>
    </message>
    <message>
        <source>View a cluster</source>
        <translation>클러스터 들여다보기</translation>
    </message>
    <message>
        <source>Connect to a Redis or Valkey cluster through any of its nodes, or start a small cluster on this computer to experiment with.</source>
        <translation>노드 하나만 알면 Redis 또는 Valkey 클러스터에 연결할 수 있습니다. 이 컴퓨터에서 작은 클러스터를 시작해 시험해 볼 수도 있습니다.</translation>
    </message>
    <message>
        <source>Connect…</source>
        <translation>연결…</translation>
    </message>
    <message>
        <source>Start a demo cluster</source>
        <translation>데모 클러스터 시작</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1 (%2)</translation>
    </message>
    <message>
        <source>%1 – Slotscope</source>
        <translation>%1 – Slotscope</translation>
    </message>
    <message numerus="yes">
        <source>▲ %n unfinished operation(s)</source>
        <translation>
            <numerusform>▲ 끝나지 않은 작업 %n개</numerusform>
        </translation>
    </message>
    <message>
        <source>Operations of other clusters that an earlier session did not finish</source>
        <translation>다른 클러스터의 작업: 이전 실행에서 끝나지 않았습니다</translation>
    </message>
    <message numerus="yes">
        <source>%1 · and %n more</source>
        <translation>
            <numerusform>%1 · 외 %n개</numerusform>
        </translation>
    </message>
    <message>
        <source>Show it on the Operations page</source>
        <translation>작업 페이지에서 보기</translation>
    </message>
    <message>
        <source>Operations: %1</source>
        <translation>작업: %1</translation>
    </message>
    <message>
        <source>Close the tab</source>
        <translation>탭 닫기</translation>
    </message>
    <message>
        <source>End the demo</source>
        <translation>데모 종료</translation>
    </message>
    <message>
        <source>An operation is running on these servers: %1.</source>
        <translation>이 서버들에서 작업이 실행 중입니다: %1.</translation>
    </message>
    <message>
        <source>Closing the tab stops the servers and deletes their data in the middle of it.</source>
        <translation>탭을 닫으면 작업 도중에 서버가 종료되고 데이터가 삭제됩니다.</translation>
    </message>
    <message>
        <source>Keep the tab</source>
        <translation>탭 유지</translation>
    </message>
    <message>
        <source>Unsaved changes</source>
        <translation>저장하지 않은 변경 내용</translation>
    </message>
    <message>
        <source>The changes are lost when you close it.</source>
        <translation>닫으면 변경 내용이 사라집니다.</translation>
    </message>
    <message>
        <source>Keep it open</source>
        <translation>열어 두기</translation>
    </message>
    <message>
        <source>Quit without saving</source>
        <translation>저장하지 않고 종료</translation>
    </message>
    <message>
        <source>Language of the system</source>
        <translation>시스템 언어</translation>
    </message>
    <message>
        <source>Another language</source>
        <translation>언어 변경</translation>
    </message>
    <message>
        <source>To change the language, the pages of open connections are rebuilt. Connections, operations and recorded metrics stay.</source>
        <translation>언어를 바꾸면 열린 연결의 페이지를 다시 만듭니다. 연결, 작업, 기록된 메트릭은 유지됩니다.</translation>
    </message>
    <message>
        <source>The following is lost:</source>
        <translation>다음 내용은 사라집니다:</translation>
    </message>
    <message>
        <source>Keep the language</source>
        <translation>언어 유지</translation>
    </message>
    <message>
        <source>At the next start</source>
        <translation>다음 시작부터</translation>
    </message>
    <message>
        <source>Change it now</source>
        <translation>지금 변경</translation>
    </message>
    <message>
        <source>Find a page, node or command</source>
        <translation>페이지, 노드, 명령 찾기</translation>
    </message>
    <message>
        <source>Read everything again</source>
        <translation>모두 다시 읽기</translation>
    </message>
    <message>
        <source>Close the panel, or clear the selection</source>
        <translation>패널을 닫거나 선택 해제</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>설정</translation>
    </message>
    <message>
        <source>Dark or light</source>
        <translation>어둡게 또는 밝게</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>종료</translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>키보드 단축키</translation>
    </message>
    <message>
        <source>Changes are not recorded</source>
        <translation>변경 내용이 기록되지 않습니다</translation>
    </message>
    <message>
        <source>The audit log cannot be written. %1</source>
        <translation>감사 로그를 쓸 수 없습니다. %1</translation>
    </message>
    <message>
        <source>Settings, recent connections</source>
        <translation>설정, 최근 연결</translation>
    </message>
    <message>
        <source>Saved connections (passwords are in the system&apos;s keychain)</source>
        <translation>저장된 연결(비밀번호는 시스템 키체인에 있음)</translation>
    </message>
    <message>
        <source>Audit log</source>
        <translation>감사 로그</translation>
    </message>
    <message>
        <source>Journals of operations</source>
        <translation>작업 저널</translation>
    </message>
    <message>
        <source>Recorded metrics</source>
        <translation>보관한 메트릭</translation>
    </message>
    <message>
        <source>Console history and favourites</source>
        <translation>콘솔의 기록과 즐겨찾기</translation>
    </message>
    <message>
        <source>Everywhere</source>
        <translation>어디서나</translation>
    </message>
    <message>
        <source>On this page</source>
        <translation>이 페이지에서</translation>
    </message>
    <message>
        <source>Close the page&apos;s tab, otherwise the connection</source>
        <translation>페이지의 탭 닫기, 없으면 연결 닫기</translation>
    </message>
    <message>
        <source>Next connection (Ctrl+Tab too)</source>
        <translation>다음 연결 (Ctrl+Tab도 가능)</translation>
    </message>
    <message>
        <source>Previous connection (Ctrl+Shift+Tab too)</source>
        <translation>이전 연결 (Ctrl+Shift+Tab도 가능)</translation>
    </message>
    <message>
        <source>About Slotscope</source>
        <translation>Slotscope 정보</translation>
    </message>
    <message>
        <source>Settings (Ctrl+,)</source>
        <translation>설정 (Ctrl+,)</translation>
    </message>
    <message>
        <source>Theme (Ctrl+Shift+L), language, help</source>
        <translation>테마 (Ctrl+Shift+L), 언어, 도움말</translation>
    </message>
    <message>
        <source>Theme, language, help</source>
        <translation>테마, 언어, 도움말</translation>
    </message>
    <message>
        <source>Slotscope %1</source>
        <translation>Slotscope %1</translation>
    </message>
    <message>
        <source>Administration of Redis and Valkey clusters.

Free software under the GNU General Public License, version 3 or later, without any warranty.

Qt %1, %2</source>
        <translation>Redis와 Valkey 클러스터 관리 도구입니다.

GNU 일반 공중 사용 허가서(GPL) 버전 3 이상을 따르는 자유 소프트웨어이며, 어떤 보증도 하지 않습니다.

Qt %1, %2</translation>
    </message>
    <message>
        <source>Recorded slow logs</source>
        <translation>보관된 슬로우 로그</translation>
    </message>
    <message>
        <source>Keyboard shortcuts (F1 and ? too)</source>
        <translation>키보드 단축키(F1과 ?도)</translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation>이름 바꾸기…</translation>
    </message>
    <message>
        <source>Duplicate</source>
        <translation>복제</translation>
    </message>
    <message>
        <source>Reconnect</source>
        <translation>다시 연결</translation>
    </message>
    <message>
        <source>Close	Ctrl+W</source>
        <translation>닫기	Ctrl+W</translation>
    </message>
    <message>
        <source>Close the others</source>
        <translation>다른 탭 닫기</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>이름 바꾸기</translation>
    </message>
    <message>
        <source>New name of this cluster, used at every address at which it is opened:</source>
        <translation>어느 주소로 열든 앞으로 이 클러스터를 부를 이름:</translation>
    </message>
    <message>
        <source>Analysis reports</source>
        <translation>분석 보고서</translation>
    </message>
    <message>
        <source>Find…   Ctrl K</source>
        <translation>찾기…   Ctrl K</translation>
    </message>
    <message>
        <source>Saved and recent connections</source>
        <translation>저장된 연결과 최근 연결</translation>
    </message>
    <message>
        <source>Saved and recent connections (Ctrl+Shift+T)</source>
        <translation>저장된 연결과 최근 연결 (Ctrl+Shift+T)</translation>
    </message>
    <message>
        <source>%1: “%2” is running and would be stopped.</source>
        <translation>%1: “%2” 작업이 실행 중이며 중지됩니다.</translation>
    </message>
</context>
<context>
    <name>slotscope::MarshalReader</name>
    <message>
        <source>this is not Marshal data of version 4.8</source>
        <translation>Marshal 버전 4.8이 아닙니다</translation>
    </message>
    <message>
        <source>%1 elements do not fit into the data</source>
        <translation>요소 %1개가 맞지 않습니다</translation>
    </message>
    <message>
        <source>it is nested deeper than %1 levels</source>
        <translation>%1단계보다 깊습니다</translation>
    </message>
    <message>
        <source>%1 is not a type of Marshal</source>
        <translation>Marshal에 유형 %1이(가) 없습니다</translation>
    </message>
    <message>
        <source>it refers to symbol %1, but there are %2</source>
        <translation>심볼 %2개 중 %1번째를 참조합니다</translation>
    </message>
    <message>
        <source>a symbol is missing</source>
        <translation>심볼이 없습니다</translation>
    </message>
    <message>
        <source>a number is missing</source>
        <translation>숫자가 없습니다</translation>
    </message>
    <message>
        <source>a number has %1 bytes</source>
        <translation>%1바이트 숫자</translation>
    </message>
    <message>
        <source>it refers to object %1, but there are %2</source>
        <translation>객체 %2개 중 %1번째를 참조합니다</translation>
    </message>
</context>
<context>
    <name>slotscope::MessageDetail</name>
    <message>
        <source>Copy the message as shown</source>
        <translation>표시된 대로 메시지 복사</translation>
    </message>
    <message>
        <source>Copy the message</source>
        <translation>메시지 복사</translation>
    </message>
    <message>
        <source>The message</source>
        <translation>메시지</translation>
    </message>
    <message>
        <source>slot %1</source>
        <translation>슬롯 %1</translation>
    </message>
    <message>
        <source>%1 detected</source>
        <translation>%1(자동 인식)</translation>
    </message>
    <message>
        <source>only its beginning was kept</source>
        <translation>앞부분만 보관됨</translation>
    </message>
</context>
<context>
    <name>slotscope::MetricChange</name>
    <message>
        <source>new</source>
        <translation>신규</translation>
    </message>
</context>
<context>
    <name>slotscope::MetricPlot</name>
    <message>
        <source>%1 over time</source>
        <translation>시간에 따른 %1</translation>
    </message>
    <message>
        <source>maxmemory %1</source>
        <translation>maxmemory %1</translation>
    </message>
    <message>
        <source>limit %1</source>
        <translation>한도 %1</translation>
    </message>
</context>
<context>
    <name>slotscope::MetricsBook</name>
    <message>
        <source>Restart: %1</source>
        <translation>다시 시작: %1</translation>
    </message>
    <message>
        <source>Statistics reset: %1</source>
        <translation>통계 초기화: %1</translation>
    </message>
    <message>
        <source>Saved: %1</source>
        <translation>저장됨: %1</translation>
    </message>
    <message>
        <source>Saving failed: %1</source>
        <translation>저장 실패: %1</translation>
    </message>
    <message>
        <source>Shard %1</source>
        <translation>샤드 %1</translation>
    </message>
    <message>
        <source>It is not recorded: plots and thresholds together have more than %1 fields.</source>
        <translation>기록하지 않습니다. 그래프와 임계값의 필드가 모두 합해 %1개를 넘습니다.</translation>
    </message>
    <message>
        <source>%1 · nodes without it: %2</source>
        <translation>%1 · 이 필드가 없는 노드: %2개</translation>
    </message>
</context>
<context>
    <name>slotscope::MetricsPage</name>
    <message>
        <source>Nothing</source>
        <translation>비교 안 함</translation>
    </message>
    <message>
        <source>The preceding period</source>
        <translation>직전 같은 기간</translation>
    </message>
    <message>
        <source>An hour before</source>
        <translation>한 시간 전</translation>
    </message>
    <message>
        <source>A day before</source>
        <translation>하루 전</translation>
    </message>
    <message>
        <source>A week before</source>
        <translation>일주일 전</translation>
    </message>
    <message>
        <source>Set the shown period as A: %1</source>
        <translation>현재 화면을 A로 보관: %1</translation>
    </message>
    <message>
        <source>A: %1</source>
        <translation>A: %1</translation>
    </message>
    <message>
        <source>A: not set</source>
        <translation>A: 보관된 내용 없음</translation>
    </message>
    <message>
        <source>Nothing was recorded in this period</source>
        <translation>이 시간에는 기록된 내용이 없습니다</translation>
    </message>
    <message>
        <source>The record starts at %1.</source>
        <translation>기록은 %1부터 있습니다.</translation>
    </message>
    <message>
        <source>Waiting for the first values</source>
        <translation>첫 번째 수치를 기다리는 중</translation>
    </message>
    <message>
        <source>INFO of every node is read every second; a rate needs two values.</source>
        <translation>모든 노드의 INFO를 매초 읽습니다. 비율을 계산하려면 두 번 읽어야 합니다.</translation>
    </message>
    <message>
        <source>%1 · click again to go to its node</source>
        <translation>%1 · 다시 클릭하면 해당 노드로 이동</translation>
    </message>
    <message>
        <source>Metrics</source>
        <translation>메트릭</translation>
    </message>
    <message>
        <source>Back to now (Esc)</source>
        <translation>현재로 돌아가기(Esc)</translation>
    </message>
    <message>
        <source>5 min</source>
        <translation>5분</translation>
    </message>
    <message>
        <source>15 min</source>
        <translation>15분</translation>
    </message>
    <message>
        <source>1 h</source>
        <translation>1시간</translation>
    </message>
    <message>
        <source>3 h</source>
        <translation>3시간</translation>
    </message>
    <message>
        <source>6 h</source>
        <translation>6시간</translation>
    </message>
    <message>
        <source>24 h</source>
        <translation>24시간</translation>
    </message>
    <message>
        <source>7 d</source>
        <translation>7일</translation>
    </message>
    <message>
        <source>Time shown</source>
        <translation>표시 기간</translation>
    </message>
    <message>
        <source>Live</source>
        <translation>실시간</translation>
    </message>
    <message>
        <source>New values every second (Space)</source>
        <translation>매초 새 수치 표시(Space)</translation>
    </message>
    <message>
        <source>Compare…</source>
        <translation>비교…</translation>
    </message>
    <message>
        <source>Sum</source>
        <translation>합계</translation>
    </message>
    <message>
        <source>Shards</source>
        <translation>샤드</translation>
    </message>
    <message>
        <source>Nodes</source>
        <translation>노드</translation>
    </message>
    <message>
        <source>One line per</source>
        <translation>선 하나의 단위</translation>
    </message>
    <message>
        <source>Replicas</source>
        <translation>레플리카</translation>
    </message>
    <message>
        <source>Drag zooms · Shift and wheel pans · click pins</source>
        <translation>끌기: 확대 · Shift+휠: 이동 · 클릭: 고정</translation>
    </message>
    <message>
        <source>By command</source>
        <translation>명령별</translation>
    </message>
    <message>
        <source>Which commands the servers run (INFO commandstats)</source>
        <translation>서버가 실행하는 명령(INFO commandstats)</translation>
    </message>
    <message>
        <source>Plots…</source>
        <translation>그래프…</translation>
    </message>
    <message>
        <source>Sources…</source>
        <translation>소스…</translation>
    </message>
    <message>
        <source>Values from before Slotscope was started, from Prometheus</source>
        <translation>Slotscope 시작 이전의 수치, Prometheus에서 읽음</translation>
    </message>
    <message>
        <source>Thresholds…</source>
        <translation>임계값…</translation>
    </message>
    <message>
        <source>Limits that are checked while Slotscope is open</source>
        <translation>Slotscope가 열려 있는 동안 감시하는 한도</translation>
    </message>
    <message>
        <source>%1 of %2 nodes</source>
        <translation>노드 %2개 중 %1개</translation>
    </message>
    <message>
        <source>one value per %1</source>
        <translation>%1마다 값 하나</translation>
    </message>
    <message>
        <source>every second</source>
        <translation>매초</translation>
    </message>
    <message>
        <source>no data for %1</source>
        <translation>%1의 정보 없음</translation>
    </message>
    <message>
        <source>dashed: %1</source>
        <translation>점선: %1</translation>
    </message>
    <message>
        <source>%1 – %2  ×</source>
        <translation>%1 – %2  ×</translation>
    </message>
    <message>
        <source>Esc: back to the plots</source>
        <translation>Esc: 그래프로 돌아가기</translation>
    </message>
    <message>
        <source>Pinned at %1 · Esc unpins</source>
        <translation>%1에 고정됨 · Esc로 해제</translation>
    </message>
    <message>
        <source>%1, a replica</source>
        <translation>%1, 레플리카</translation>
    </message>
    <message>
        <source>%1, shown</source>
        <translation>%1, 표시됨</translation>
    </message>
    <message>
        <source>%1, hidden</source>
        <translation>%1, 숨김</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1 (%2)</translation>
    </message>
    <message>
        <source>metrics-%1</source>
        <translation>metrics-%1</translation>
    </message>
    <message>
        <source>Shown data as CSV…</source>
        <translation>표시된 내용을 CSV로…</translation>
    </message>
    <message>
        <source>All plots, as a picture (PNG)…</source>
        <translation>모든 그래프를 그림으로(PNG)…</translation>
    </message>
    <message>
        <source>One plot, as SVG</source>
        <translation>그래프 하나를 SVG로</translation>
    </message>
    <message>
        <source>d MMM HH:mm</source>
        <translation>M월 d일 HH:mm</translation>
    </message>
    <message>
        <source>values of %1 of %2 nodes</source>
        <translation>노드 %2개 중 %1개의 수치</translation>
    </message>
    <message>
        <source>Add plot…</source>
        <translation>그래프 추가…</translation>
    </message>
    <message>
        <source>Remove plot</source>
        <translation>그래프 제거</translation>
    </message>
    <message>
        <source>Pause, or follow new values</source>
        <translation>일시 중지 또는 새 값 따라가기</translation>
    </message>
    <message>
        <source>Commands, or plots</source>
        <translation>명령 또는 그래프</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>내보내기</translation>
    </message>
    <message>
        <source>%1, %2  ×</source>
        <translation>%1, %2  ×</translation>
    </message>
</context>
<context>
    <name>slotscope::MetricsRecorder</name>
    <message>
        <source>Config: %1 changed</source>
        <translation>설정: %1의 값이 바뀜</translation>
    </message>
    <message>
        <source>Config: %1 is %2</source>
        <translation>설정: %1 = %2</translation>
    </message>
    <message numerus="yes">
        <source>%n node(s)</source>
        <translation>
            <numerusform>노드 %n개</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>slotscope::MigrationFields</name>
    <message>
        <source> ms</source>
        <translation> ms</translation>
    </message>
    <message>
        <source>automatic</source>
        <translation>자동</translation>
    </message>
    <message>
        <source>For each step of a MIGRATE. Automatic: 45 % of the node timeout, at most 5 s. A huge key may need more, but less than cluster-node-timeout.</source>
        <translation>MIGRATE의 각 단계에 적용됩니다. 자동: 노드 타임아웃의 45 %, 최대 5초. 아주 큰 키에는 더 필요할 수 있으나 cluster-node-timeout보다 작아야 합니다.</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>자동</translation>
    </message>
    <message>
        <source>Classic</source>
        <translation>기존 방식</translation>
    </message>
    <message>
        <source>Atomic</source>
        <translation>원자적</translation>
    </message>
    <message>
        <source> keys/s</source>
        <translation> 키/초</translation>
    </message>
    <message>
        <source> KB</source>
        <translation> KB</translation>
    </message>
    <message>
        <source>The target&apos;s replicas must have the keys before a slot is handed over</source>
        <translation>슬롯을 넘기기 전에 대상의 레플리카가 키를 받아야 합니다</translation>
    </message>
    <message>
        <source>Advanced</source>
        <translation>고급</translation>
    </message>
    <message>
        <source>no limit</source>
        <translation>제한 없음</translation>
    </message>
    <message>
        <source>Stop and ask</source>
        <translation>멈추고 묻기</translation>
    </message>
    <message>
        <source>Keep the source&apos;s value</source>
        <translation>원본의 값 유지</translation>
    </message>
    <message>
        <source>Keep the target&apos;s value</source>
        <translation>대상의 값 유지</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>방식</translation>
    </message>
    <message>
        <source>Automatic: atomic migration if both nodes support it (Valkey 9, Redis 8.4), otherwise key by key.</source>
        <translation>자동: 양쪽이 지원하면 원자적 이동(Valkey 9, Redis 8.4), 아니면 키 단위로 옮깁니다.</translation>
    </message>
    <message>
        <source>Throttle</source>
        <translation>속도 제한</translation>
    </message>
    <message>
        <source>For the whole operation. A lower rate disturbs other clients less.</source>
        <translation>전체 실행에 적용됩니다. 느릴수록 다른 클라이언트에 부담이 적습니다.</translation>
    </message>
    <message>
        <source>Latency ceiling</source>
        <translation>지연 시간 상한</translation>
    </message>
    <message>
        <source>Slows down while PING takes longer than this on one of the nodes.</source>
        <translation>관련 노드의 PING이 이보다 오래 걸리면 속도를 늦춥니다.</translation>
    </message>
    <message>
        <source>Batch</source>
        <translation>배치</translation>
    </message>
    <message>
        <source>MIGRATE timeout</source>
        <translation>호출 시간 제한</translation>
    </message>
    <message>
        <source>Key on both nodes</source>
        <translation>양쪽에 있는 키</translation>
    </message>
    <message>
        <source>If a key exists on source and target with different values. The other value is lost.</source>
        <translation>원본과 대상에 값이 다른 같은 키가 있을 때의 처리입니다. 나머지 값은 사라집니다.</translation>
    </message>
    <message>
        <source>Replicas</source>
        <translation>레플리카</translation>
    </message>
    <message>
        <source>The target size of one MIGRATE; a bigger key is moved alone.</source>
        <translation>MIGRATE 한 번이 목표로 하는 크기. 더 큰 키는 따로 옮깁니다.</translation>
    </message>
</context>
<context>
    <name>slotscope::ModulesReader</name>
    <message>
        <source>this node is not known</source>
        <translation>그런 노드를 알지 못합니다</translation>
    </message>
</context>
<context>
    <name>slotscope::ModulesView</name>
    <message>
        <source>Module</source>
        <translation>모듈</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>버전</translation>
    </message>
    <message>
        <source>Nodes</source>
        <translation>노드</translation>
    </message>
    <message>
        <source>File and arguments</source>
        <translation>파일과 인수</translation>
    </message>
    <message>
        <source>Modules</source>
        <translation>모듈</translation>
    </message>
    <message>
        <source>Nothing has been read yet</source>
        <translation>아직 읽은 내용이 없습니다</translation>
    </message>
    <message>
        <source>Modules appear as soon as a node answers.</source>
        <translation>노드가 응답하면 모듈이 표시됩니다.</translation>
    </message>
    <message>
        <source>No node lists its modules</source>
        <translation>모듈을 알려 주는 노드가 없습니다</translation>
    </message>
    <message>
        <source>No modules</source>
        <translation>모듈 없음</translation>
    </message>
    <message>
        <source>The 1 node that answered has loaded no modules.</source>
        <translation>응답한 노드 1개에 로드된 모듈이 없습니다.</translation>
    </message>
    <message>
        <source>The %1 nodes that answered have loaded no modules.</source>
        <translation>응답한 노드 %1개에 로드된 모듈이 없습니다.</translation>
    </message>
    <message>
        <source>all %1</source>
        <translation>모두 %1개</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
</context>
<context>
    <name>slotscope::MoveMap</name>
    <message>
        <source>Map of the slots that move</source>
        <translation>이동하는 슬롯의 맵</translation>
    </message>
    <message>
        <source>%1 moved</source>
        <translation>이동됨 %1개</translation>
    </message>
    <message>
        <source>%1 in progress</source>
        <translation>진행 중 %1개</translation>
    </message>
    <message>
        <source>%1 not moved</source>
        <translation>이동 안 됨 %1개</translation>
    </message>
    <message>
        <source>%1 to move</source>
        <translation>이동할 슬롯 %1개</translation>
    </message>
    <message>
        <source>%1 left in migration</source>
        <translation>열린 채 남음 %1개</translation>
    </message>
    <message>
        <source>%1 of %2 moved</source>
        <translation>%2개 중 %1개 옮김</translation>
    </message>
</context>
<context>
    <name>slotscope::MovesList</name>
    <message>
        <source>%1 from %2 to %3</source>
        <translation>%1, %2에서 %3(으)로</translation>
    </message>
    <message>
        <source>Slots</source>
        <translation>슬롯</translation>
    </message>
    <message>
        <source>Count</source>
        <translation>개수</translation>
    </message>
    <message>
        <source>From</source>
        <translation>원본</translation>
    </message>
    <message>
        <source>To</source>
        <translation>대상</translation>
    </message>
    <message>
        <source>and %1 more moves, see the steps</source>
        <translation>외 이동 %1건, 단계를 참조하세요</translation>
    </message>
</context>
<context>
    <name>slotscope::MsgpackReader</name>
    <message>
        <source>0xc1 is not a type of MessagePack</source>
        <translation>0xc1은 MessagePack이 아닙니다</translation>
    </message>
    <message>
        <source>an array of %1 elements does not fit into the data</source>
        <translation>요소 %1개의 배열이 맞지 않습니다</translation>
    </message>
    <message>
        <source>a map of %1 members does not fit into the data</source>
        <translation>멤버 %1개의 맵이 맞지 않습니다</translation>
    </message>
</context>
<context>
    <name>slotscope::MsgpackWriter</name>
    <message>
        <source>MessagePack has no integer as large as %1</source>
        <translation>%1은(는) MessagePack 정수로 쓰기에 너무 큽니다</translation>
    </message>
    <message>
        <source>%1 is not a number that a double can hold</source>
        <translation>%1은(는) double로 표현할 수 없는 숫자입니다</translation>
    </message>
    <message>
        <source>%1 is not a number that a float can hold</source>
        <translation>%1은(는) float로 표현할 수 없는 숫자입니다</translation>
    </message>
    <message>
        <source>{&quot;$map&quot;: …} needs pairs of key and value</source>
        <translation>{&quot;$map&quot;: …}에는 키와 값의 쌍을 씁니다</translation>
    </message>
    <message>
        <source>“%1” is not a hex text</source>
        <translation>“%1”은(는) 16진수 텍스트가 아닙니다</translation>
    </message>
    <message>
        <source>{&quot;$float_bits&quot;: …} needs 8 or 16 hex digits</source>
        <translation>{&quot;$float_bits&quot;: …}에는 16진수 8 또는 16자리를 씁니다</translation>
    </message>
    <message>
        <source>{&quot;$ext&quot;: [type, hex]} needs a type from -128 to 127 and hex digits</source>
        <translation>{&quot;$ext&quot;: [type, hex]}에는 -128~127의 유형과 16진수를 씁니다</translation>
    </message>
    <message>
        <source>a time needs seconds, and nanoseconds from 0 to 999999999</source>
        <translation>시간에는 초와 0~999999999의 나노초를 씁니다</translation>
    </message>
    <message>
        <source>“$time” does not match seconds and nanoseconds: change those instead, they are what is stored</source>
        <translation>“$time”이 초와 나노초의 값과 다릅니다. 저장되는 것은 초와 나노초이니 그쪽을 변경하세요</translation>
    </message>
    <message>
        <source>MessagePack has no {&quot;$%1&quot;: %2}</source>
        <translation>MessagePack에 {&quot;$%1&quot;: %2}은(는) 없습니다</translation>
    </message>
</context>
<context>
    <name>slotscope::NamespaceMap</name>
    <message>
        <source>Memory by namespace</source>
        <translation>네임스페이스별 메모리</translation>
    </message>
    <message>
        <source>%1: %2, %3.</source>
        <translation>%1: %2, %3.</translation>
    </message>
    <message>
        <source>%1 % have a time to live.</source>
        <translation>%1 %에 TTL이 있습니다.</translation>
    </message>
    <message>
        <source>There is a recommendation for it.</source>
        <translation>그곳에 할 만한 일이 있습니다.</translation>
    </message>
</context>
<context>
    <name>slotscope::NamespaceModel</name>
    <message>
        <source>keys directly in it</source>
        <translation>자체 키</translation>
    </message>
    <message>
        <source>others</source>
        <translation>나머지</translation>
    </message>
    <message>
        <source>over %1 others</source>
        <translation>나머지 %1개 이상</translation>
    </message>
    <message>
        <source>%1 others</source>
        <translation>다른 값 %1개</translation>
    </message>
    <message>
        <source>Namespace</source>
        <translation>네임스페이스</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>키</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>메모리</translation>
    </message>
    <message>
        <source>Share</source>
        <translation>비율</translation>
    </message>
    <message>
        <source>Without TTL</source>
        <translation>TTL 없음</translation>
    </message>
</context>
<context>
    <name>slotscope::NewKeyDialog</name>
    <message>
        <source>Create</source>
        <translation>만들기</translation>
    </message>
    <message>
        <source>New key</source>
        <translation>새 키</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>유형</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>이름</translation>
    </message>
    <message>
        <source>no expiry</source>
        <translation>만료 없음</translation>
    </message>
    <message>
        <source>Time to live in seconds</source>
        <translation>TTL(초)</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <source>time to live in seconds</source>
        <translation>유지 시간(초)</translation>
    </message>
    <message>
        <source>First field</source>
        <translation>첫 번째 필드</translation>
    </message>
    <message>
        <source>Its value</source>
        <translation>필드 값</translation>
    </message>
    <message>
        <source>A field of the first entry</source>
        <translation>첫 번째 엔트리의 필드</translation>
    </message>
    <message>
        <source>First member</source>
        <translation>첫 번째 멤버</translation>
    </message>
    <message>
        <source>Its score</source>
        <translation>멤버의 점수</translation>
    </message>
    <message>
        <source>First item</source>
        <translation>첫 번째 항목</translation>
    </message>
    <message>
        <source>Document</source>
        <translation>문서</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>값</translation>
    </message>
    <message>
        <source>The escape sequences are not valid.</source>
        <translation>이스케이프 형식이 올바르지 않습니다.</translation>
    </message>
    <message>
        <source>The score is not a number.</source>
        <translation>점수가 숫자가 아닙니다.</translation>
    </message>
    <message>
        <source>The time to live must be an integer number of seconds, at most a hundred years.</source>
        <translation>TTL은 백 년 이하의 초 단위 정수입니다.</translation>
    </message>
    <message>
        <source>If the name is taken, nothing is changed.</source>
        <translation>이름이 이미 쓰이고 있으면 아무것도 바뀌지 않습니다.</translation>
    </message>
</context>
<context>
    <name>slotscope::NewOperations</name>
    <message>
        <source>This server does not run in cluster mode.</source>
        <translation>이 서버는 클러스터 모드로 실행되지 않습니다.</translation>
    </message>
</context>
<context>
    <name>slotscope::NodeCombo</name>
    <message>
        <source>%1 slots</source>
        <translation>슬롯 %1개</translation>
    </message>
    <message>
        <source>Choose a node…</source>
        <translation>노드 선택…</translation>
    </message>
</context>
<context>
    <name>slotscope::NodeDetail</name>
    <message>
        <source>How each node sees it</source>
        <translation>각 노드가 보는 이 노드의 상태</translation>
    </message>
    <message>
        <source>Details of the node</source>
        <translation>노드 상세 정보</translation>
    </message>
    <message>
        <source>Close (Esc)</source>
        <translation>닫기(Esc)</translation>
    </message>
    <message>
        <source>Close the details</source>
        <translation>상세 정보 닫기</translation>
    </message>
    <message>
        <source>Copy the node id</source>
        <translation>노드 ID 복사</translation>
    </message>
    <message>
        <source>Node id</source>
        <translation>노드 ID</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>역할</translation>
    </message>
    <message>
        <source>Failed for</source>
        <translation>장애 지속 시간</translation>
    </message>
    <message>
        <source>Reported by</source>
        <translation>보고한 노드</translation>
    </message>
    <message>
        <source>Reachability</source>
        <translation>여기에서</translation>
    </message>
    <message>
        <source>Refused</source>
        <translation>거부됨</translation>
    </message>
    <message>
        <source>Announced</source>
        <translation>알린 주소</translation>
    </message>
    <message>
        <source>Reached at</source>
        <translation>연결한 주소</translation>
    </message>
    <message>
        <source>Known to</source>
        <translation>알고 있는 노드</translation>
    </message>
    <message>
        <source>Link</source>
        <translation>링크</translation>
    </message>
    <message>
        <source>Data from</source>
        <translation>수치</translation>
    </message>
    <message>
        <source>Offset</source>
        <translation>오프셋</translation>
    </message>
    <message>
        <source>Slots</source>
        <translation>슬롯</translation>
    </message>
    <message>
        <source>Open slots</source>
        <translation>열린 슬롯</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>키</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>메모리</translation>
    </message>
    <message>
        <source>Load</source>
        <translation>부하</translation>
    </message>
    <message>
        <source>Server</source>
        <translation>서버</translation>
    </message>
    <message>
        <source>Epoch</source>
        <translation>에포크</translation>
    </message>
    <message>
        <source>replica of %1</source>
        <translation>%1의 레플리카</translation>
    </message>
    <message>
        <source>%1 of %2 nodes</source>
        <translation>노드 %2개 중 %1개</translation>
    </message>
    <message>
        <source>%1 · cluster at %2</source>
        <translation>%1 · 클러스터 %2</translation>
    </message>
    <message>
        <source>%1 → %2</source>
        <translation>%1 → %2</translation>
    </message>
    <message>
        <source>%1 ← %2</source>
        <translation>%1 ← %2</translation>
    </message>
    <message>
        <source>%1 … %2 in total</source>
        <translation>%1 … 모두 %2개</translation>
    </message>
    <message>
        <source>  −%1</source>
        <translation>  −%1</translation>
    </message>
    <message>
        <source>%1 · %2</source>
        <translation>%1 · %2</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>%1 ops/s</source>
        <translation>%1 ops/s</translation>
    </message>
    <message>
        <source>1 client</source>
        <translation>클라이언트 1개</translation>
    </message>
    <message>
        <source>%1 clients</source>
        <translation>클라이언트 %1개</translation>
    </message>
    <message>
        <source>%1 · up %2</source>
        <translation>%1 · 가동 시간 %2</translation>
    </message>
    <message>
        <source>Map it…</source>
        <translation>주소 지정…</translation>
    </message>
    <message>
        <source>Where the node is reached from here, and another address for it</source>
        <translation>이 노드에 접속하는 주소를 보고 바꿉니다</translation>
    </message>
    <message>
        <source>%1 ago, when it last answered</source>
        <translation>%1 전, 마지막으로 응답했을 때</translation>
    </message>
</context>
<context>
    <name>slotscope::NodeDirectory</name>
    <message>
        <source>%1, a server without cluster mode</source>
        <translation>%1, 클러스터 모드가 아닌 서버</translation>
    </message>
    <message>
        <source>their nodes do not know one another: %1</source>
        <translation>노드들이 서로를 모릅니다: %1</translation>
    </message>
    <message>
        <source>; and </source>
        <translation>; 그리고 </translation>
    </message>
</context>
<context>
    <name>slotscope::NodeNotice</name>
    <message>
        <source>Copy ACL command</source>
        <translation>ACL 명령 복사</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>닫기</translation>
    </message>
    <message>
        <source>Every node</source>
        <translation>모든 노드</translation>
    </message>
</context>
<context>
    <name>slotscope::NodeTiles</name>
    <message>
        <source>not known</source>
        <translation>알 수 없음</translation>
    </message>
    <message>
        <source>%1 % of a core</source>
        <translation>코어의 %1 %</translation>
    </message>
    <message>
        <source>%1/s</source>
        <translation>%1/s</translation>
    </message>
    <message>
        <source>Load of the nodes</source>
        <translation>노드 부하</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>%1, primary: %2</source>
        <translation>%1, 프라이머리: %2</translation>
    </message>
    <message>
        <source>%1, replica: %2</source>
        <translation>%1, 레플리카: %2</translation>
    </message>
</context>
<context>
    <name>slotscope::Observer</name>
    <message>
        <source>no line is marked as the answering node (“myself”)</source>
        <translation>“myself”로 표시된 줄이 없습니다</translation>
    </message>
    <message>
        <source>no seed node answered within %1 ms</source>
        <translation>%1 ms 안에 응답한 시드가 없습니다</translation>
    </message>
    <message>
        <source>this user has no permission</source>
        <translation>이 사용자에게 허용되지 않음</translation>
    </message>
</context>
<context>
    <name>slotscope::OneFile</name>
    <message>
        <source>it does not begin like an RDB file</source>
        <translation>RDB 파일로 시작하지 않습니다</translation>
    </message>
    <message>
        <source>its RDB version %1 is newer than this program supports</source>
        <translation>버전 %1은(는) 이 프로그램이 아는 것보다 새 버전입니다</translation>
    </message>
    <message>
        <source>it contains the opcode %1, which this program does not know: it may come from a newer server</source>
        <translation>이 프로그램이 모르는 표시 %1입니다. 더 새로운 서버의 것일 수 있습니다</translation>
    </message>
    <message>
        <source>its checksum is wrong: some bytes before it have changed</source>
        <translation>체크섬이 맞지 않습니다. 앞의 어떤 바이트가 기록된 것과 다릅니다</translation>
    </message>
</context>
<context>
    <name>slotscope::OperationActs</name>
    <message>
        <source>Fail over to a replica…	Ctrl+Shift+F</source>
        <translation>레플리카로 페일오버…	Ctrl+Shift+F</translation>
    </message>
    <message>
        <source>It has no replica that answers.</source>
        <translation>응답하는 레플리카가 없습니다.</translation>
    </message>
    <message>
        <source>It belongs to no shard.</source>
        <translation>샤드에 속하지 않습니다.</translation>
    </message>
    <message>
        <source>Replicate…</source>
        <translation>복제 설정…</translation>
    </message>
    <message>
        <source>It owns slots: move them away first.</source>
        <translation>슬롯을 소유하고 있습니다. 먼저 옮기세요.</translation>
    </message>
    <message>
        <source>Add a replica to it…</source>
        <translation>레플리카 추가…</translation>
    </message>
    <message>
        <source>Move slots to it…</source>
        <translation>이 노드로 슬롯 이동…</translation>
    </message>
    <message>
        <source>Move all slots away…</source>
        <translation>모든 슬롯 내보내기…</translation>
    </message>
    <message>
        <source>It owns no slots.</source>
        <translation>소유한 슬롯이 없습니다.</translation>
    </message>
    <message>
        <source>Remove node…	Ctrl+Del</source>
        <translation>노드 제거…	Ctrl+Del</translation>
    </message>
    <message>
        <source>Forget…</source>
        <translation>노드 잊기…</translation>
    </message>
    <message>
        <source>Reset…</source>
        <translation>초기화…</translation>
    </message>
    <message>
        <source>Backup…</source>
        <translation>백업…</translation>
    </message>
    <message>
        <source>It has no primary: fail over first.</source>
        <translation>프라이머리가 없습니다. 먼저 페일오버하세요.</translation>
    </message>
    <message>
        <source>Fail over shard %1…</source>
        <translation>샤드 %1 페일오버…</translation>
    </message>
    <message>
        <source>This server does not run in cluster mode.</source>
        <translation>이 서버는 클러스터 모드로 실행되지 않습니다.</translation>
    </message>
    <message>
        <source>Add node…</source>
        <translation>노드 추가…</translation>
    </message>
    <message>
        <source>Rebalance…</source>
        <translation>재분배…</translation>
    </message>
    <message>
        <source>Fix slots…</source>
        <translation>슬롯 수리…</translation>
    </message>
    <message>
        <source>Create cluster…</source>
        <translation>클러스터 만들기…</translation>
    </message>
    <message>
        <source>Move slots…	Ctrl+M</source>
        <translation>슬롯 이동…	Ctrl+M</translation>
    </message>
    <message>
        <source>Select slots first.</source>
        <translation>먼저 슬롯을 선택하세요.</translation>
    </message>
    <message>
        <source>Move 1 slot…	Ctrl+M</source>
        <translation>슬롯 1개 이동…	Ctrl+M</translation>
    </message>
    <message>
        <source>Move %1 slots…	Ctrl+M</source>
        <translation>슬롯 %1개 이동…	Ctrl+M</translation>
    </message>
    <message>
        <source>Fix these slots…</source>
        <translation>이 슬롯 수리…</translation>
    </message>
    <message>
        <source>Fix…</source>
        <translation>수리…</translation>
    </message>
    <message>
        <source>Fail over…</source>
        <translation>페일오버…</translation>
    </message>
    <message>
        <source>Remove…</source>
        <translation>제거…</translation>
    </message>
    <message>
        <source>Add a replica…</source>
        <translation>레플리카 추가…</translation>
    </message>
    <message>
        <source>This connection is read-only.</source>
        <translation>읽기 전용 연결입니다.</translation>
    </message>
    <message>
        <source>Fail over to this replica…	Ctrl+Shift+F</source>
        <translation>이 레플리카로 페일오버…	Ctrl+Shift+F</translation>
    </message>
    <message>
        <source>Fail over all primaries of host %1…</source>
        <translation>호스트 %1의 모든 프라이머리 페일오버…</translation>
    </message>
    <message>
        <source>Fix its slots…</source>
        <translation>이 노드의 슬롯 복구…</translation>
    </message>
    <message>
        <source>Remove all %1 nodes that are gone…</source>
        <translation>사라진 노드 %1개 모두 제거…</translation>
    </message>
    <message>
        <source>It does not answer.</source>
        <translation>응답하지 않습니다.</translation>
    </message>
    <message>
        <source>Failure drill…</source>
        <translation>장애 훈련…</translation>
    </message>
    <message>
        <source>Failure drill: host %1…</source>
        <translation>장애 훈련: 호스트 %1…</translation>
    </message>
</context>
<context>
    <name>slotscope::OperationRun</name>
    <message>
        <source>pausing: the current step is finished first</source>
        <translation>일시 중지하는 중: 진행 중인 단계를 먼저 마칩니다</translation>
    </message>
    <message>
        <source>continuing</source>
        <translation>계속함</translation>
    </message>
    <message>
        <source>stopping at once: slots in progress stay in migration</source>
        <translation>즉시 중지하는 중: 진행 중인 슬롯이 열린 채로 남습니다</translation>
    </message>
    <message>
        <source>stopping: the current step is finished first</source>
        <translation>중지하는 중: 진행 중인 단계를 먼저 마칩니다</translation>
    </message>
    <message>
        <source>some of its nodes were made empty again: finish rolling it back</source>
        <translation>일부 노드가 다시 비워졌습니다. 끝까지 되돌리세요</translation>
    </message>
    <message>
        <source>the remaining steps were planned for the cluster as it was then</source>
        <translation>남은 단계는 당시의 클러스터를 기준으로 결정되었습니다</translation>
    </message>
    <message>
        <source>refused: %1. %2</source>
        <translation>거부됨: %1. %2</translation>
    </message>
    <message>
        <source>nothing was changed</source>
        <translation>변경된 것 없음</translation>
    </message>
    <message>
        <source>data may be lost, and you have not agreed to that: %1</source>
        <translation>데이터가 유실될 수 있는데 동의하지 않았습니다: %1</translation>
    </message>
    <message>
        <source>operation %1 is not marked as rolled back: it continued in the meantime, and slots %2 are where it moved them</source>
        <translation>실행 %1은(는) 되돌린 것으로 처리하지 않습니다. 그 사이 계속 진행되어 슬롯 %2이(가) 옮긴 자리에 있습니다</translation>
    </message>
    <message>
        <source>throttle: at most %1 keys per second from now on</source>
        <translation>속도 제한: 지금부터 초당 최대 키 %1개</translation>
    </message>
    <message>
        <source>no throttle from now on</source>
        <translation>지금부터 속도 제한 없음</translation>
    </message>
    <message>
        <source>resumed: %1 of %2 steps were done</source>
        <translation>다시 시작함: %2단계 중 %1단계가 끝나 있었음</translation>
    </message>
    <message>
        <source>the previous layout is being restored</source>
        <translation>이전 배치를 복원합니다</translation>
    </message>
    <message numerus="yes">
        <source>%n write(s) lost that the replicas had acknowledged</source>
        <translation>
            <numerusform>레플리카가 승인한 쓰기 %n개가 없음</numerusform>
        </translation>
    </message>
    <message>
        <source>The drill was stopped before its end.</source>
        <translation>훈련이 끝나기 전에 중지되었습니다.</translation>
    </message>
    <message>
        <source>The drill failed: %1</source>
        <translation>훈련 실패: %1</translation>
    </message>
    <message>
        <source>Not done: %1 (%2)</source>
        <translation>수행하지 않음: %1 (%2)</translation>
    </message>
</context>
<context>
    <name>slotscope::OperationWizard</name>
    <message>
        <source>Choose</source>
        <translation>선택</translation>
    </message>
    <message>
        <source>Checks &amp; plan</source>
        <translation>검사와 계획</translation>
    </message>
    <message>
        <source>Confirm</source>
        <translation>확인</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>진행률</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>결과</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>이전</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>다음</translation>
    </message>
    <message>
        <source>Checks and plan</source>
        <translation>검사와 계획</translation>
    </message>
    <message>
        <source>Close and continue in the background</source>
        <translation>닫기(작업은 계속됨)</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>닫기</translation>
    </message>
    <message>
        <source>Reading the cluster and planning…</source>
        <translation>클러스터를 확인하고 계획을 세우는 중…</translation>
    </message>
    <message>
        <source>This operation is not known.</source>
        <translation>알 수 없는 작업입니다.</translation>
    </message>
    <message>
        <source>No plan: %1</source>
        <translation>계획 없음: %1</translation>
    </message>
    <message>
        <source>✕ Refused: %1. %2</source>
        <translation>✕ 거부됨: %1. %2</translation>
    </message>
    <message>
        <source>There is nothing to do.</source>
        <translation>할 일이 없습니다.</translation>
    </message>
    <message>
        <source>Starting…</source>
        <translation>시작하는 중…</translation>
    </message>
    <message>
        <source>Nothing has been changed yet.</source>
        <translation>아직 아무것도 변경하지 않았습니다.</translation>
    </message>
    <message>
        <source>Waiting for your confirmation.</source>
        <translation>동의를 기다리는 중입니다.</translation>
    </message>
    <message>
        <source>It runs in the background and is listed on the Operations page.</source>
        <translation>백그라운드에서 실행됩니다. 작업 페이지에서 볼 수 있습니다.</translation>
    </message>
    <message>
        <source>Next…</source>
        <translation>다음…</translation>
    </message>
</context>
<context>
    <name>slotscope::OperationWords</name>
    <message>
        <source>Create cluster</source>
        <translation>클러스터 만들기</translation>
    </message>
    <message>
        <source>Make a cluster of empty nodes</source>
        <translation>빈 노드로 클러스터를 구성</translation>
    </message>
    <message>
        <source>new form</source>
        <translation>new form 새로 생성</translation>
    </message>
    <message>
        <source>Add node</source>
        <translation>노드 추가</translation>
    </message>
    <message>
        <source>Let a new primary or replica join</source>
        <translation>새 프라이머리나 레플리카를 참여시킴</translation>
    </message>
    <message>
        <source>grow scale join replica</source>
        <translation>grow scale join replica 확장 참여</translation>
    </message>
    <message>
        <source>Meet</source>
        <translation>소개(MEET)</translation>
    </message>
    <message>
        <source>Only introduce a node, no role yet</source>
        <translation>역할 없이 노드를 소개만 함</translation>
    </message>
    <message>
        <source>join introduce</source>
        <translation>join introduce 참여</translation>
    </message>
    <message>
        <source>Remove node</source>
        <translation>노드 제거</translation>
    </message>
    <message>
        <source>Move its slots away, then remove it</source>
        <translation>슬롯을 비운 뒤 노드를 뺌</translation>
    </message>
    <message>
        <source>shrink scale delete drain</source>
        <translation>shrink scale delete drain 축소 삭제</translation>
    </message>
    <message>
        <source>Forget</source>
        <translation>노드 잊기</translation>
    </message>
    <message>
        <source>Remove a dead node from every table</source>
        <translation>죽은 노드를 모든 테이블에서 제거</translation>
    </message>
    <message>
        <source>ghost remove</source>
        <translation>ghost remove 제거</translation>
    </message>
    <message>
        <source>Reset</source>
        <translation>초기화</translation>
    </message>
    <message>
        <source>Make a node outside a cluster empty again</source>
        <translation>외부 노드를 다시 빈 상태로</translation>
    </message>
    <message>
        <source>clear wipe</source>
        <translation>clear wipe 초기화</translation>
    </message>
    <message>
        <source>Reshard</source>
        <translation>리샤딩</translation>
    </message>
    <message>
        <source>Move slots from primaries to another</source>
        <translation>프라이머리의 슬롯을 다른 곳으로 이동</translation>
    </message>
    <message>
        <source>migrate slots move</source>
        <translation>migrate slots move 슬롯 이동</translation>
    </message>
    <message>
        <source>Rebalance</source>
        <translation>재분배</translation>
    </message>
    <message>
        <source>Balance slots, keys, memory or CPU</source>
        <translation>슬롯, 키, 메모리, CPU를 고르게</translation>
    </message>
    <message>
        <source>migrate slots even weights</source>
        <translation>migrate slots even weights 리밸런스</translation>
    </message>
    <message>
        <source>Failover</source>
        <translation>페일오버</translation>
    </message>
    <message>
        <source>Let a replica become the primary of its shard</source>
        <translation>레플리카가 샤드를 넘겨받음</translation>
    </message>
    <message>
        <source>failover promote switch takeover</source>
        <translation>failover promote switch takeover 승격 전환</translation>
    </message>
    <message>
        <source>Rolling failover</source>
        <translation>순차 페일오버</translation>
    </message>
    <message>
        <source>Free a host of primaries, or undo it</source>
        <translation>호스트의 프라이머리를 비우거나 복원</translation>
    </message>
    <message>
        <source>maintenance layout host zone</source>
        <translation>maintenance layout host zone 점검 유지보수</translation>
    </message>
    <message>
        <source>Replicate</source>
        <translation>복제 설정</translation>
    </message>
    <message>
        <source>Make a node a replica of another</source>
        <translation>노드를 다른 노드의 레플리카로</translation>
    </message>
    <message>
        <source>replica promote follow</source>
        <translation>replica promote follow 레플리카 승격</translation>
    </message>
    <message>
        <source>Fix slots</source>
        <translation>슬롯 수리</translation>
    </message>
    <message>
        <source>Finish open slots, cover uncovered ones</source>
        <translation>열린 슬롯을 닫고 빈 슬롯을 할당</translation>
    </message>
    <message>
        <source>repair open uncovered</source>
        <translation>repair open uncovered 복구</translation>
    </message>
    <message>
        <source>Orphan keys</source>
        <translation>고아 키</translation>
    </message>
    <message>
        <source>Find keys on nodes that do not own them</source>
        <translation>다른 노드에 놓인 키 찾기</translation>
    </message>
    <message>
        <source>repair keys lost</source>
        <translation>repair keys lost 복구</translation>
    </message>
    <message>
        <source>Backup</source>
        <translation>백업</translation>
    </message>
    <message>
        <source>An RDB file of every primary, on this computer</source>
        <translation>모든 프라이머리의 RDB 파일을 여기로</translation>
    </message>
    <message>
        <source>rdb snapshot dump</source>
        <translation>rdb snapshot dump 스냅샷</translation>
    </message>
    <message>
        <source>Save on the servers</source>
        <translation>서버에 저장</translation>
    </message>
    <message>
        <source>BGSAVE or BGREWRITEAOF everywhere</source>
        <translation>모든 서버에서 BGSAVE 또는 BGREWRITEAOF</translation>
    </message>
    <message>
        <source>bgsave aof rewrite persist</source>
        <translation>bgsave aof rewrite persist 저장</translation>
    </message>
    <message>
        <source>Configure</source>
        <translation>구성 변경</translation>
    </message>
    <message>
        <source>Set one setting on all nodes</source>
        <translation>모든 노드의 설정 하나를 변경</translation>
    </message>
    <message>
        <source>config set parameter timeout</source>
        <translation>config set parameter timeout 설정</translation>
    </message>
    <message>
        <source>Grow</source>
        <translation>확장</translation>
    </message>
    <message>
        <source>Shrink</source>
        <translation>축소</translation>
    </message>
    <message>
        <source>Move slots</source>
        <translation>슬롯 이동</translation>
    </message>
    <message>
        <source>Fail over</source>
        <translation>페일오버</translation>
    </message>
    <message>
        <source>Repair</source>
        <translation>수리</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>보관</translation>
    </message>
    <message>
        <source>Roll back</source>
        <translation>되돌리기</translation>
    </message>
    <message>
        <source>Failure drill</source>
        <translation>장애 훈련</translation>
    </message>
    <message>
        <source>Make a node unavailable and measure what happens</source>
        <translation>노드를 제거하고 무슨 일이 일어나는지 측정</translation>
    </message>
    <message>
        <source>rehearse chaos test outage probe</source>
        <translation>연습 카오스 시험 장애 프로브</translation>
    </message>
</context>
<context>
    <name>slotscope::Operations</name>
    <message>
        <source>A nodes.conf was copied together with its server, so the cluster would mistake one node for the other. First give the empty one a new node id: run CLUSTER RESET HARD on it.</source>
        <translation>서버와 함께 nodes.conf가 복사되어 클러스터가 둘을 혼동하게 됩니다. 먼저 비어 있는 쪽에 CLUSTER RESET HARD로 새 ID를 부여하세요.</translation>
    </message>
    <message>
        <source>An operation is running on this cluster: %1</source>
        <translation>이 클러스터에서 작업이 실행 중입니다: %1</translation>
    </message>
    <message>
        <source>%1 started it (operation %2). Wait until it ends, or stop it.</source>
        <translation>%1이(가) 시작했습니다(실행 %2). 끝날 때까지 기다리거나 중지하세요.</translation>
    </message>
    <message>
        <source>It is not known who owns the slots</source>
        <translation>슬롯의 소유자를 알 수 없습니다</translation>
    </message>
    <message>
        <source>No node has answered CLUSTER NODES.</source>
        <translation>노드 테이블을 알려 준 노드가 없습니다.</translation>
    </message>
    <message>
        <source>Another tool or person is changing the cluster</source>
        <translation>다른 누군가가 클러스터를 변경하고 있습니다</translation>
    </message>
    <message>
        <source>The cluster changed while Slotscope compared it: %1. Wait until the change is over, then try again.</source>
        <translation>두 번 확인하는 사이에 달라졌습니다: %1. 끝날 때까지 기다렸다가 다시 시도하세요.</translation>
    </message>
    <message>
        <source>No one else is changing the cluster</source>
        <translation>다른 누구도 클러스터를 변경하지 않습니다</translation>
    </message>
    <message>
        <source>It is not known whether slots are in migration on %1</source>
        <translation>%1에 열린 슬롯이 있는지 알 수 없습니다</translation>
    </message>
    <message>
        <source>The user may not run CLUSTER NODES on this node. Allow it (ACL: +cluster|nodes), or connect as another user.</source>
        <translation>이 사용자에게 CLUSTER NODES를 알려 주지 않습니다. 권한을 부여하거나(+cluster|nodes) 다른 사용자로 연결하세요.</translation>
    </message>
    <message>
        <source>No node that answers has a slot in migration</source>
        <translation>응답하는 노드에 열린 슬롯이 없습니다</translation>
    </message>
    <message>
        <source>No slot is in migration</source>
        <translation>열린 슬롯이 없습니다</translation>
    </message>
    <message>
        <source>No other slot is in migration</source>
        <translation>다른 열린 슬롯이 없습니다</translation>
    </message>
    <message>
        <source>Slots are in migration: %1</source>
        <translation>열린 슬롯: %1</translation>
    </message>
    <message>
        <source>These slots are partly moved between two nodes on %1. Finish or cancel their migration with fix, or let the tool that moves them finish.</source>
        <translation>%1에서 두 노드 사이에 걸쳐 있습니다. 슬롯 수리(fix)로 닫거나, 옮기는 쪽이 끝낼 때까지 기다리세요.</translation>
    </message>
    <message>
        <source>It is not known whether a slot migration is running on %1</source>
        <translation>%1에서 슬롯 이동이 실행 중인지 알 수 없습니다</translation>
    </message>
    <message>
        <source>The user may not query this node. Allow +command, and +cluster|getslotmigrations on Valkey 9 or +cluster|migration on Redis 8.4.</source>
        <translation>사용자가 그곳에서 조회할 수 없습니다. 필요한 권한: +command, 그리고 Valkey 9는 +cluster|getslotmigrations, Redis 8.4는 +cluster|migration.</translation>
    </message>
    <message>
        <source>No slot migration is running</source>
        <translation>실행 중인 슬롯 이동이 없습니다</translation>
    </message>
    <message>
        <source>A slot migration is running on %1</source>
        <translation>%1에서 슬롯 이동이 실행 중입니다</translation>
    </message>
    <message>
        <source>%1. Wait until the migration ends, or cancel it on that node.</source>
        <translation>%1. 끝날 때까지 기다리거나 그곳에서 취소하세요.</translation>
    </message>
    <message>
        <source>Nodes report different owners for slots %1</source>
        <translation>노드마다 슬롯 %1의 소유자를 다르게 말합니다</translation>
    </message>
    <message>
        <source>If this does not resolve within seconds, use fix.</source>
        <translation>몇 초 안에 해결되지 않으면 슬롯 수리(fix)를 사용하세요.</translation>
    </message>
    <message>
        <source>Slots without an owner: %1</source>
        <translation>소유자 없는 슬롯: %1</translation>
    </message>
    <message>
        <source>Use fix first: with cluster-require-full-coverage, the nodes refuse keys that are moved to them.</source>
        <translation>먼저 슬롯 수리(fix)를 사용하세요. cluster-require-full-coverage가 켜져 있으면 노드가 옮겨 온 키를 거부합니다.</translation>
    </message>
    <message>
        <source>Slots whose primary does not serve them: %1</source>
        <translation>프라이머리가 서비스하지 않는 슬롯: %1</translation>
    </message>
    <message>
        <source>Restart their primary, or let one of its replicas take over.</source>
        <translation>프라이머리를 되살리거나 레플리카가 넘겨받게 하세요.</translation>
    </message>
    <message>
        <source>Every slot has one owner, and the %1 nodes that could be queried agree on it</source>
        <translation>모든 슬롯에 소유자가 하나씩 있고, 조회할 수 있었던 노드 %1개가 모두 일치합니다</translation>
    </message>
    <message>
        <source>Every slot has one owner, and all nodes agree on it</source>
        <translation>모든 슬롯에 소유자가 하나씩 있고 모든 노드가 일치합니다</translation>
    </message>
    <message>
        <source>The keys of %1 could not be counted</source>
        <translation>%1의 키를 세지 못했습니다</translation>
    </message>
    <message>
        <source>%1. The number of its keys is not known; try again when the node answers.</source>
        <translation>%1. 무엇이 있는지 알 수 없습니다. 응답하면 다시 시도하세요.</translation>
    </message>
    <message>
        <source>The node did not answer in time</source>
        <translation>제시간에 응답하지 않았습니다</translation>
    </message>
    <message>
        <source>%1 loses its last slot and may become a replica of the node that takes it</source>
        <translation>%1이(가) 마지막 슬롯을 잃고, 슬롯을 받는 노드의 레플리카가 될 수 있습니다</translation>
    </message>
    <message>
        <source>This happens if the node&apos;s cluster-allow-replica-migration is yes, which is not known: the user may not read it (ACL: +config|get), or the server is older than 7.0 and does not do this.</source>
        <translation>cluster-allow-replica-migration이 yes이면 그렇게 되는데, 그 값을 알 수 없습니다. 사용자가 조회할 수 없거나(+config|get), 서버가 7.0 이전이라 해당하지 않습니다.</translation>
    </message>
    <message>
        <source>%1 loses its last slot and becomes a replica of the node that takes it</source>
        <translation>%1이(가) 마지막 슬롯을 잃고, 슬롯을 받는 노드의 레플리카가 됩니다</translation>
    </message>
    <message>
        <source>This node then copies all data of that node, and its own replicas do the same. CONFIG SET cluster-allow-replica-migration no on this node prevents this.</source>
        <translation>상대의 모든 데이터를 복사하며 자신의 레플리카도 마찬가지입니다. 그 노드에서 CONFIG SET cluster-allow-replica-migration no로 막을 수 있습니다.</translation>
    </message>
    <message>
        <source>All %1 nodes answer</source>
        <translation>노드 %1개가 모두 응답합니다</translation>
    </message>
    <message>
        <source>%1 of %2 nodes do not answer: %3</source>
        <translation>노드 %2개 중 %1개가 응답하지 않습니다: %3</translation>
    </message>
    <message>
        <source>These nodes do not receive the changes; the other nodes tell them when they are back.</source>
        <translation>변경 내용을 전달받지 못하며, 돌아왔을 때 다른 노드에서 전해 듣습니다.</translation>
    </message>
    <message>
        <source>Other nodes do not reach %1, but Slotscope does</source>
        <translation>여기에서는 %1에 접근할 수 있지만 다른 노드는 접근하지 못합니다</translation>
    </message>
    <message>
        <source>The other nodes look for it at an outdated address: fix introduces the nodes to one another.</source>
        <translation>다른 노드가 응답하는 주소가 아닌 곳에서 찾고 있습니다. 슬롯 수리(fix)가 서로를 소개합니다.</translation>
    </message>
    <message>
        <source>The changes would not reach this node. Check that the cluster bus port (usually the port + 10000) is open between the hosts, in both directions.</source>
        <translation>변경 내용이 전달되지 않습니다. 호스트 사이에 버스 포트(보통 포트 + 10000)가 양방향으로 열려 있는지 확인하세요.</translation>
    </message>
    <message>
        <source>Some nodes do not reach %1</source>
        <translation>일부 노드가 %1에 접근하지 못합니다</translation>
    </message>
    <message>
        <source>These nodes learn about changes through other nodes. Check that the cluster bus port is open between them.</source>
        <translation>변경 내용을 다른 노드를 거쳐 전해 듣습니다. 서로 간의 버스 포트를 확인하세요.</translation>
    </message>
    <message>
        <source>The version of %1 is not known</source>
        <translation>%1의 버전을 알 수 없습니다</translation>
    </message>
    <message>
        <source>The node does not answer, or the user may not run INFO (ACL: +info). Another version may not understand the data.</source>
        <translation>응답하지 않거나 이 사용자에게 INFO를 알려 주지 않습니다(+info). 다른 버전은 데이터를 이해하지 못할 수 있습니다.</translation>
    </message>
    <message>
        <source>All nodes run the same version</source>
        <translation>모든 노드의 버전이 같습니다</translation>
    </message>
    <message>
        <source>%1 on %2</source>
        <translation>%1(%2)</translation>
    </message>
    <message>
        <source>Versions differ</source>
        <translation>버전이 서로 다릅니다</translation>
    </message>
    <message>
        <source>An older node may not understand the data of a newer node.</source>
        <translation>이전 버전의 노드는 새 버전의 데이터를 이해하지 못할 수 있습니다.</translation>
    </message>
    <message>
        <source>%1 ms on %2</source>
        <translation>%2에서 %1 ms</translation>
    </message>
    <message>
        <source>cluster-node-timeout differs</source>
        <translation>cluster-node-timeout이 서로 다릅니다</translation>
    </message>
    <message>
        <source>The nodes would mark each other as failed at different times.</source>
        <translation>노드마다 장애로 판단하는 시점이 달라집니다.</translation>
    </message>
    <message>
        <source>Introduce the nodes to one another at the addresses where they answer</source>
        <translation>노드가 응답하는 주소로 서로를 소개</translation>
    </message>
    <message>
        <source>OK only means that the nodes try: if a cluster bus port is blocked, they give up after the node timeout.</source>
        <translation>OK는 시도한다는 뜻일 뿐입니다. 버스 포트가 막혀 있으면 노드 타임아웃 뒤에 포기합니다.</translation>
    </message>
    <message>
        <source>Wait until every node has found the others</source>
        <translation>모든 노드가 서로를 찾을 때까지 대기</translation>
    </message>
    <message>
        <source>Make every node forget %1</source>
        <translation>모든 노드가 %1을(를) 잊게 하기</translation>
    </message>
    <message>
        <source>A node that is not told within a minute announces the node to the others again.</source>
        <translation>1분 안에 전달받지 못한 노드는 다른 노드에 다시 그 노드를 알립니다.</translation>
    </message>
    <message>
        <source>Wait until no node knows %1 any more</source>
        <translation>아무도 %1을(를) 모를 때까지 대기</translation>
    </message>
    <message>
        <source>Check again when the ban on its id has expired</source>
        <translation>ID 차단이 끝나면 다시 확인</translation>
    </message>
    <message>
        <source>A node that still runs and was not reset may come back then.</source>
        <translation>아직 실행 중이고 초기화하지 않은 노드는 그때 돌아올 수 있습니다.</translation>
    </message>
    <message>
        <source>Make %1 a replica of %2</source>
        <translation>%1: %2의 레플리카로 설정</translation>
    </message>
    <message>
        <source>Its data is replaced by a full copy of the data of %1.</source>
        <translation>기존 데이터가 %1의 전체 복사본으로 바뀝니다.</translation>
    </message>
    <message>
        <source>Wait until every node sees %1 as a replica of %2</source>
        <translation>%1이(가) %2을(를) 복제한다고 모든 노드가 말할 때까지 대기</translation>
    </message>
    <message>
        <source>Wait until %1 has copied the data</source>
        <translation>%1이(가) 데이터를 복사할 때까지 대기</translation>
    </message>
    <message>
        <source>no node was given</source>
        <translation>노드를 지정하지 않았습니다</translation>
    </message>
    <message>
        <source>no node has the id %1</source>
        <translation>ID가 %1인 노드가 없습니다</translation>
    </message>
    <message>
        <source>1 slot</source>
        <translation>슬롯 1개</translation>
    </message>
    <message>
        <source>%1 slots</source>
        <translation>슬롯 %1개</translation>
    </message>
    <message>
        <source>1 key</source>
        <translation>키 1개</translation>
    </message>
    <message>
        <source>%1 keys</source>
        <translation>키 %1개</translation>
    </message>
    <message>
        <source>%1 and %2 more</source>
        <translation>%1 외 %2개</translation>
    </message>
    <message>
        <source>Key-by-key migration is used, because of the throttle</source>
        <translation>속도 제한을 위해 기존 방식으로 이동</translation>
    </message>
    <message>
        <source>The servers&apos; own (atomic) migration cannot be throttled.</source>
        <translation>서버의 자체 이동은 가능한 한 빠르게 진행됩니다.</translation>
    </message>
    <message>
        <source>Both nodes support atomic slot migration</source>
        <translation>양쪽이 원자적 슬롯 이동을 지원합니다</translation>
    </message>
    <message>
        <source>The throttle has no effect</source>
        <translation>속도 제한이 적용되지 않습니다</translation>
    </message>
    <message>
        <source>Atomic slot migration is not possible</source>
        <translation>원자적 슬롯 이동을 사용할 수 없습니다</translation>
    </message>
    <message>
        <source>A slot is in migration. Finish it with fix first, or choose the classic method.</source>
        <translation>열린 슬롯이 있습니다. 먼저 슬롯 수리(fix)로 닫거나 기존 방식으로 옮기세요.</translation>
    </message>
    <message>
        <source>The nodes run different products. Choose the classic method.</source>
        <translation>노드가 서로 다른 제품을 실행합니다. 기존 방식으로 옮기세요.</translation>
    </message>
    <message>
        <source>%1 does not support it. Choose the classic method.</source>
        <translation>%1에서 지원하지 않습니다. 기존 방식으로 옮기세요.</translation>
    </message>
    <message>
        <source>some nodes</source>
        <translation>일부 노드</translation>
    </message>
    <message>
        <source>%1 does not answer or has failed</source>
        <translation>%1이(가) 응답하지 않거나 장애 상태입니다</translation>
    </message>
    <message>
        <source>Slots cannot be moved from or to this node.</source>
        <translation>슬롯을 내보내거나 받을 수 없습니다.</translation>
    </message>
    <message>
        <source>%1 has no replica that answers</source>
        <translation>%1에 응답하는 레플리카가 없습니다</translation>
    </message>
    <message>
        <source>If this node fails, the %1 that it receives are lost with it. Add a replica first.</source>
        <translation>장애가 나면 받은 %1도 함께 잃습니다. 먼저 레플리카를 추가하세요.</translation>
    </message>
    <message>
        <source>%1 would come close to its maxmemory</source>
        <translation>%1이(가) maxmemory에 가까워집니다</translation>
    </message>
    <message>
        <source>The node uses %1 of %2, and about %3 would be added: it may refuse writes or evict keys.</source>
        <translation>%2 중 %1을(를) 사용 중이고 약 %3이(가) 더해집니다. 키를 거부하거나 축출할 수 있습니다.</translation>
    </message>
    <message>
        <source>If a key has different values on the source and the target node, the source&apos;s value is kept and the target&apos;s value is overwritten.</source>
        <translation>양쪽에 값이 다른 키가 있으면 보내는 노드의 값이 남고 다른 값은 덮어씁니다.</translation>
    </message>
    <message>
        <source>If a key has different values on the source and the target node, the target&apos;s value is kept and the source&apos;s value is deleted.</source>
        <translation>양쪽에 값이 다른 키가 있으면 받는 노드의 값이 남고 다른 값은 삭제됩니다.</translation>
    </message>
    <message>
        <source>It is not known how many keys %1 would give away</source>
        <translation>%1이(가) 내줄 키의 수를 알 수 없습니다</translation>
    </message>
    <message>
        <source>The keys could not be counted: %1.</source>
        <translation>키를 세지 못했습니다: %1.</translation>
    </message>
    <message>
        <source>no reply came in time</source>
        <translation>제시간에 응답이 없었습니다</translation>
    </message>
    <message>
        <source>The estimate assumes %1 per second and %2 for each pair of nodes.</source>
        <translation>예상 시간은 초당 %1, 노드 쌍마다 %2을(를) 가정합니다.</translation>
    </message>
    <message>
        <source>The estimate assumes %1 keys and %2 per second.</source>
        <translation>예상 시간은 초당 키 %1개와 %2을(를) 가정합니다.</translation>
    </message>
    <message>
        <source>Slots are moved in groups. Before Redis takes a group, all its slots except the first and the last are set STABLE, so that the node announces itself to the cluster twice, not once per slot. The other primaries are also told each new owner (CLUSTER SETSLOT SLOT NODE ID).</source>
        <translation>슬롯은 그룹으로 옮깁니다. Redis는 그룹을 받기 전에 처음과 마지막을 제외한 모두에 STABLE을 지시받습니다. 그래서 슬롯마다가 아니라 두 번만 클러스터에 알립니다. 다른 프라이머리에도 새 소유자를 알립니다(CLUSTER SETSLOT SLOT NODE ID).</translation>
    </message>
    <message>
        <source>In addition to the commands of the steps, the operation reads: CLUSTER NODES, CLUSTER INFO, INFO, CONFIG GET tls-cluster, tls-port and cluster-node-timeout, CLUSTER COUNTKEYSINSLOT, MEMORY USAGE.</source>
        <translation>단계의 명령 외에 실행 중 다음을 읽습니다: CLUSTER NODES, CLUSTER INFO, INFO, CONFIG GET tls-cluster, tls-port, cluster-node-timeout, CLUSTER COUNTKEYSINSLOT, MEMORY USAGE.</translation>
    </message>
    <message>
        <source>Move %1 to %2</source>
        <translation>%1 이동 → %2</translation>
    </message>
    <message>
        <source>Move %1 to %2 nodes</source>
        <translation>%1를 노드 %2개로 이동</translation>
    </message>
    <message>
        <source>If it stops, the slots in progress stay in migration: keys of one slot are on two nodes, all of them readable. Resume the operation, or use fix.</source>
        <translation>멈추면 진행 중인 슬롯이 열린 채로 남습니다. 한 슬롯의 키가 두 노드에 있으며 모두 읽을 수 있습니다. 이어서 진행하거나 슬롯 수리(fix)를 사용하세요.</translation>
    </message>
    <message>
        <source>A migration that fails leaves the slots where they were.</source>
        <translation>이동이 실패하면 슬롯은 원래 자리에 남습니다.</translation>
    </message>
    <message>
        <source>Wait until every node reports the new owners</source>
        <translation>모든 노드가 새 소유자를 말할 때까지 대기</translation>
    </message>
    <message>
        <source>Every node that answers reports the new owner of %1</source>
        <translation>응답하는 모든 노드가 %1의 새 소유자를 말합니다</translation>
    </message>
    <message>
        <source>No slot is left in migration</source>
        <translation>열린 채 남은 슬롯이 없습니다</translation>
    </message>
    <message>
        <source>this is not a cluster: the server does not run in cluster mode</source>
        <translation>클러스터가 아닙니다. 서버가 클러스터 모드로 실행되지 않습니다</translation>
    </message>
    <message>
        <source>%1 answers again</source>
        <translation>%1 응답 재개</translation>
    </message>
    <message>
        <source>%1 does not answer any more</source>
        <translation>%1이(가) 더 이상 응답하지 않습니다</translation>
    </message>
    <message>
        <source>The slots of %1 would be split into %2 ranges</source>
        <translation>%1의 슬롯이 범위 %2개로 흩어집니다</translation>
    </message>
    <message>
        <source>the new node</source>
        <translation>새 노드</translation>
    </message>
    <message>
        <source>It has %1 ranges now. Every node lists each range in CLUSTER NODES: choose contiguous slots if possible.</source>
        <translation>지금은 %1개입니다. 모든 노드가 CLUSTER NODES에서 범위를 하나하나 말합니다. 되도록 이어진 슬롯을 고르십시오.</translation>
    </message>
</context>
<context>
    <name>slotscope::OperationsBridge</name>
    <message>
        <source>operation %1 is not an unfinished operation</source>
        <translation>작업 %1은(는) 끝나지 않은 작업이 아닙니다</translation>
    </message>
    <message>
        <source>the journal of operation %1 has changed since it was displayed</source>
        <translation>화면에 표시한 뒤 작업 %1의 저널이 바뀌었습니다</translation>
    </message>
</context>
<context>
    <name>slotscope::OperationsPage</name>
    <message>
        <source>Operations</source>
        <translation>작업</translation>
    </message>
    <message>
        <source>This cluster</source>
        <translation>이 클러스터</translation>
    </message>
    <message>
        <source>All</source>
        <translation>전체</translation>
    </message>
    <message>
        <source>Operations shown</source>
        <translation>표시할 작업</translation>
    </message>
    <message>
        <source>Filter operations…</source>
        <translation>작업 필터…</translation>
    </message>
    <message>
        <source>Filter operations by title, state, cluster or user</source>
        <translation>제목, 상태, 클러스터, 사용자로 작업 필터링</translation>
    </message>
    <message>
        <source>New operation</source>
        <translation>새 작업</translation>
    </message>
    <message>
        <source>Running and finished operations</source>
        <translation>실행 중이거나 실행된 작업</translation>
    </message>
    <message>
        <source>This connection is read-only.</source>
        <translation>읽기 전용 연결입니다.</translation>
    </message>
    <message>
        <source>This operation is about other nodes: to continue it, connect to “%1”.</source>
        <translation>다른 노드에 대한 작업입니다. 계속하려면 “%1”에 연결하세요.</translation>
    </message>
    <message numerus="yes">
        <source>%n running</source>
        <translation>
            <numerusform>실행 중 %n개</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n unfinished</source>
        <translation>
            <numerusform>끝나지 않음 %n개</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n in total</source>
        <translation>
            <numerusform>모두 %n개</numerusform>
        </translation>
    </message>
    <message>
        <source>No operation matches.</source>
        <translation>일치하는 작업이 없습니다.</translation>
    </message>
    <message>
        <source>No operation has been run on this cluster. “All” shows those of other clusters.</source>
        <translation>이 클러스터에서 실행한 작업이 없습니다. “전체”를 선택하면 다른 클러스터의 작업이 표시됩니다.</translation>
    </message>
    <message>
        <source>No operation has been run yet.

Operations that you start on the right are listed here, with plan, log and result.</source>
        <translation>아직 실행한 작업이 없습니다.

오른쪽에서 시작한 작업이 계획, 로그, 결과와 함께 여기에 표시됩니다.</translation>
    </message>
    <message>
        <source>This connection is read-only: it sends no changes. Unlock writes in the status line to start an operation.</source>
        <translation>이 연결은 읽기 전용이므로 아무것도 변경할 수 없습니다. 작업을 시작하려면 상태 표시줄에서 쓰기 잠금을 해제하세요.</translation>
    </message>
    <message>
        <source>Runs</source>
        <translation>실행</translation>
    </message>
    <message>
        <source>Audit log</source>
        <translation>감사 로그</translation>
    </message>
    <message>
        <source>Commands sent</source>
        <translation>보낸 명령</translation>
    </message>
    <message>
        <source>Section of the page</source>
        <translation>페이지의 부분</translation>
    </message>
    <message>
        <source>Load test</source>
        <translation>부하 테스트</translation>
    </message>
    <message>
        <source>A load test is running: its keys would not be deleted.</source>
        <translation>부하 테스트가 진행 중입니다: 테스트의 키가 남게 됩니다.</translation>
    </message>
</context>
<context>
    <name>slotscope::OwnFile</name>
    <message>
        <source>it is a symbolic link, which is not followed</source>
        <translation>링크이며, 링크는 따라가지 않습니다</translation>
    </message>
    <message>
        <source>it is not a regular file</source>
        <translation>일반 파일이 아닙니다</translation>
    </message>
    <message>
        <source>it is not trusted</source>
        <translation>신뢰할 수 없습니다</translation>
    </message>
    <message>
        <source>its last line is incomplete</source>
        <translation>마지막 줄이 잘렸습니다</translation>
    </message>
</context>
<context>
    <name>slotscope::Palette</name>
    <message>
        <source>no owner</source>
        <translation>소유자 없음</translation>
    </message>
    <message>
        <source>Slot %1</source>
        <translation>슬롯 %1</translation>
    </message>
    <message>
        <source>Slots %1 to %2</source>
        <translation>슬롯 %1~%2</translation>
    </message>
    <message numerus="yes">
        <source>%n slot(s)</source>
        <translation>
            <numerusform>슬롯 %n개</numerusform>
        </translation>
    </message>
    <message>
        <source>Slot of key %1</source>
        <translation>키 %1의 슬롯</translation>
    </message>
    <message>
        <source>Slot %1 · %2</source>
        <translation>슬롯 %1 · %2</translation>
    </message>
</context>
<context>
    <name>slotscope::PaletteEntries</name>
    <message>
        <source>Page</source>
        <translation>페이지</translation>
    </message>
    <message>
        <source>Health</source>
        <translation>상태 진단</translation>
    </message>
    <message>
        <source>Problems of the cluster and how to fix them</source>
        <translation>문제가 되는 점과 해결 방법</translation>
    </message>
    <message>
        <source>findings problems</source>
        <translation>findings problems 문제 진단</translation>
    </message>
    <message>
        <source>Refresh</source>
        <translation>새로 고침</translation>
    </message>
    <message>
        <source>Read everything again from every node</source>
        <translation>모든 노드에서 전체를 다시 읽기</translation>
    </message>
    <message>
        <source>Export the cluster as JSON…</source>
        <translation>클러스터를 JSON으로 내보내기…</translation>
    </message>
    <message>
        <source>Nodes, shards, slots and findings</source>
        <translation>노드, 샤드, 슬롯, 진단 결과</translation>
    </message>
    <message>
        <source>save</source>
        <translation>save 저장</translation>
    </message>
    <message>
        <source>Export the slot map as PNG…</source>
        <translation>슬롯 맵을 PNG로 내보내기…</translation>
    </message>
    <message>
        <source>16,384 slots, coloured by owner</source>
        <translation>소유자별로 색을 구분한 슬롯 16,384개</translation>
    </message>
    <message>
        <source>save picture image</source>
        <translation>save picture image 그림 저장</translation>
    </message>
    <message>
        <source>Close connection</source>
        <translation>연결 닫기</translation>
    </message>
    <message>
        <source>Not possible with a read-only connection: shows the operations</source>
        <translation>읽기 전용 연결에서는 실행할 수 없음: 작업을 보여 줍니다</translation>
    </message>
    <message>
        <source>New connection…</source>
        <translation>새 연결…</translation>
    </message>
    <message>
        <source>To a cluster or server</source>
        <translation>클러스터 또는 서버에 연결</translation>
    </message>
    <message>
        <source>connect open</source>
        <translation>connect open 연결 열기</translation>
    </message>
    <message>
        <source>Start the demo cluster</source>
        <translation>데모 클러스터 시작</translation>
    </message>
    <message>
        <source>Six servers on this computer with sample data</source>
        <translation>이 컴퓨터에서 예제 데이터가 든 서버 6대 실행</translation>
    </message>
    <message>
        <source>Theme: dark</source>
        <translation>테마: 어둡게</translation>
    </message>
    <message>
        <source>Theme: light</source>
        <translation>테마: 밝게</translation>
    </message>
    <message>
        <source>Theme: follow the system</source>
        <translation>테마: 시스템 설정 따름</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>모양</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>종료</translation>
    </message>
    <message>
        <source>exit</source>
        <translation>exit 끝내기</translation>
    </message>
    <message>
        <source>Connect to %1</source>
        <translation>%1에 연결</translation>
    </message>
    <message>
        <source>Language: %1</source>
        <translation>언어: %1</translation>
    </message>
    <message>
        <source>Settings…</source>
        <translation>설정…</translation>
    </message>
    <message>
        <source>Settings of Slotscope, and where it stores data</source>
        <translation>이 프로그램의 설정과 데이터 위치</translation>
    </message>
    <message>
        <source>preferences options audit folder</source>
        <translation>환경설정 옵션 감사 폴더 preferences options</translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>키보드 단축키</translation>
    </message>
    <message>
        <source>What the keys do, here and everywhere</source>
        <translation>여기와 어디서나 쓰는 키</translation>
    </message>
    <message>
        <source>help keys</source>
        <translation>도움말 키 help keys</translation>
    </message>
    <message>
        <source>Audit log</source>
        <translation>감사 로그</translation>
    </message>
    <message>
        <source>Changes sent to servers, by whom and when</source>
        <translation>서버에서 누가 언제 무엇을 변경했는지</translation>
    </message>
    <message>
        <source>record history who</source>
        <translation>기록 이력 누가 record history</translation>
    </message>
    <message>
        <source>Addresses of the nodes</source>
        <translation>노드 주소</translation>
    </message>
    <message>
        <source>Where each node is reached from here, and the address map</source>
        <translation>각 노드의 접속 주소와 주소 맵</translation>
    </message>
    <message>
        <source>nat map announced host port</source>
        <translation>nat 맵 주소 호스트 포트</translation>
    </message>
    <message>
        <source>Load test</source>
        <translation>부하 테스트</translation>
    </message>
    <message>
        <source>How many requests the servers answer, and how fast</source>
        <translation>서버가 응답하는 요청 수와 속도</translation>
    </message>
    <message>
        <source>benchmark rate latency percentiles stress</source>
        <translation>부하 벤치마크 속도 지연 백분위수 benchmark</translation>
    </message>
    <message>
        <source>Connections</source>
        <translation>연결</translation>
    </message>
    <message>
        <source>Saved and recent connections; open ones stay open</source>
        <translation>저장된 연결과 최근 연결, 열린 것은 그대로 열려 있음</translation>
    </message>
    <message>
        <source>saved connections list home start page import export</source>
        <translation>saved connections list home start page import export 저장 연결 목록 홈 시작 가져오기 내보내기</translation>
    </message>
    <message>
        <source>Ends Slotscope</source>
        <translation>Slotscope를 끝냅니다</translation>
    </message>
</context>
<context>
    <name>slotscope::PasswordSource</name>
    <message>
        <source>it did not end within %1 s</source>
        <translation>%1초 안에 끝나지 않았습니다</translation>
    </message>
    <message>
        <source>a command must be a single line</source>
        <translation>명령은 한 줄입니다</translation>
    </message>
    <message>
        <source>a quote is not closed</source>
        <translation>따옴표가 닫히지 않았습니다</translation>
    </message>
    <message>
        <source>no program is given</source>
        <translation>프로그램 이름이 없습니다</translation>
    </message>
    <message>
        <source>%1=: a URI may not name a program to be run here. Enter the password command in the connection&apos;s dialog, or use --password-command</source>
        <translation>%1=: URI로는 여기서 실행할 프로그램을 지정할 수 없습니다. 비밀번호 명령은 연결 대화 상자나 --password-command로 지정하세요</translation>
    </message>
    <message>
        <source>it was run only a moment ago</source>
        <translation>방금 실행했습니다</translation>
    </message>
    <message>
        <source>it was not found, or cannot be started (%1)</source>
        <translation>찾을 수 없거나 시작할 수 없습니다(%1)</translation>
    </message>
    <message>
        <source>it printed more than %1 KiB</source>
        <translation>%1 KiB보다 많이 출력했습니다</translation>
    </message>
    <message>
        <source>a signal ended it</source>
        <translation>신호로 종료되었습니다</translation>
    </message>
    <message>
        <source>it ended with exit code %1 and printed no message</source>
        <translation>종료 코드 %1로 끝났고 아무 말도 없었습니다</translation>
    </message>
    <message>
        <source>it ended with exit code %1: %2</source>
        <translation>종료 코드 %1로 끝났습니다: %2</translation>
    </message>
    <message>
        <source>its output is not valid UTF-8</source>
        <translation>UTF-8이 아닌 것을 출력했습니다</translation>
    </message>
    <message>
        <source>the first line of its output is empty</source>
        <translation>출력의 첫 줄이 비어 있습니다</translation>
    </message>
    <message>
        <source>the first line of its output is empty; its message: %1</source>
        <translation>출력의 첫 줄이 비어 있습니다. 남긴 말: %1</translation>
    </message>
    <message>
        <source>it printed the same password again</source>
        <translation>같은 비밀번호를 다시 주었습니다</translation>
    </message>
    <message>
        <source>%1. Two passwords in a row were refused: the command is not run again until you reconnect</source>
        <translation>%1. 비밀번호가 두 번 연속 거부되었습니다. 직접 요청할 때까지 명령을 다시 실행하지 않습니다</translation>
    </message>
</context>
<context>
    <name>slotscope::PeerReportModel</name>
    <message>
        <source>Observer</source>
        <translation>관찰 노드</translation>
    </message>
    <message>
        <source>Flags</source>
        <translation>플래그</translation>
    </message>
    <message>
        <source>Ping sent</source>
        <translation>PING 전송</translation>
    </message>
    <message>
        <source>Link</source>
        <translation>링크</translation>
    </message>
    <message>
        <source>Epoch</source>
        <translation>에포크</translation>
    </message>
    <message>
        <source>Slots</source>
        <translation>슬롯</translation>
    </message>
    <message>
        <source>reported %1 ago</source>
        <translation>%1 전의 보고</translation>
    </message>
    <message>
        <source>not known</source>
        <translation>알 수 없음</translation>
    </message>
    <message>
        <source>itself</source>
        <translation>자신</translation>
    </message>
    <message>
        <source>ok</source>
        <translation>정상</translation>
    </message>
    <message>
        <source>up</source>
        <translation>정상</translation>
    </message>
    <message>
        <source>down</source>
        <translation>다운</translation>
    </message>
</context>
<context>
    <name>slotscope::PhpReader</name>
    <message>
        <source>no serialized PHP value begins like this</source>
        <translation>PHP 직렬화에 이렇게 시작하는 값은 없습니다</translation>
    </message>
    <message>
        <source>“%1” is missing</source>
        <translation>“%1”이(가) 없습니다</translation>
    </message>
    <message>
        <source>an integer is missing</source>
        <translation>정수가 없습니다</translation>
    </message>
    <message>
        <source>a text of %1 byte(s)</source>
        <translation>%1바이트 텍스트</translation>
    </message>
    <message>
        <source>a boolean has the value %1</source>
        <translation>값이 %1인 불리언</translation>
    </message>
    <message>
        <source>a number is missing</source>
        <translation>숫자가 없습니다</translation>
    </message>
    <message>
        <source>%1 members do not fit into the data</source>
        <translation>멤버 %1개가 맞지 않습니다</translation>
    </message>
    <message>
        <source>a key is neither a number nor a text</source>
        <translation>키가 숫자도 텍스트도 아닙니다</translation>
    </message>
    <message>
        <source>The name of a property looks like a visibility marker.</source>
        <translation>속성 이름이 접근 제한을 나타내는 것처럼 보입니다.</translation>
    </message>
    <message>
        <source>an object of %1 byte(s)</source>
        <translation>%1바이트 객체</translation>
    </message>
    <message>
        <source>an enum case lacks its name</source>
        <translation>열거형에 case 이름이 없습니다</translation>
    </message>
    <message>
        <source>References ($ref, $reference) count the preceding values: adding or removing a value before them changes what they point to.</source>
        <translation>참조($ref, $reference)는 앞에 있는 값의 개수로 셉니다. 앞에 값을 추가하거나 제거하면 다른 곳을 가리키게 됩니다.</translation>
    </message>
</context>
<context>
    <name>slotscope::PhpWriter</name>
    <message>
        <source>the names in PHP session data must be texts</source>
        <translation>세션의 이름은 텍스트입니다</translation>
    </message>
    <message>
        <source>a name in PHP session data cannot contain “|”</source>
        <translation>세션의 이름에는 “|”를 쓸 수 없습니다</translation>
    </message>
    <message>
        <source>PHP has no number such as %1</source>
        <translation>PHP에 %1 같은 숫자는 없습니다</translation>
    </message>
    <message>
        <source>a key in PHP must be an integer or a text</source>
        <translation>PHP의 키는 정수 또는 텍스트입니다</translation>
    </message>
    <message>
        <source>{&quot;$map&quot;: …} needs pairs of key and value</source>
        <translation>{&quot;$map&quot;: …}에는 키와 값의 쌍을 씁니다</translation>
    </message>
    <message>
        <source>PHP cannot serialize {&quot;$%1&quot;: …} of this form</source>
        <translation>PHP 직렬화에 이런 형식의 {&quot;$%1&quot;: …}은(는) 없습니다</translation>
    </message>
    <message>
        <source>“%1” is not a number</source>
        <translation>“%1”은(는) 숫자가 아닙니다</translation>
    </message>
    <message>
        <source>“%1” is not a hex text</source>
        <translation>“%1”은(는) 16진수 텍스트가 아닙니다</translation>
    </message>
    <message>
        <source>a reference needs the number of a value, from 1</source>
        <translation>참조에는 1부터 시작하는 값의 번호를 씁니다</translation>
    </message>
    <message>
        <source>the data of %1 must be a text</source>
        <translation>%1의 데이터는 텍스트입니다</translation>
    </message>
</context>
<context>
    <name>slotscope::PickleMachine</name>
    <message>
        <source>it reads a value from an empty stack</source>
        <translation>없는 값을 사용합니다</translation>
    </message>
    <message>
        <source>it needs a mark on the stack, but there is none</source>
        <translation>없는 표시를 찾습니다</translation>
    </message>
    <message>
        <source>it stores a value in memo slot %1</source>
        <translation>값을 슬롯 %1에 보관합니다</translation>
    </message>
    <message>
        <source>it reads memo slot %1, which is empty</source>
        <translation>비어 있는 슬롯 %1의 값을 사용합니다</translation>
    </message>
    <message>
        <source>an integer is missing</source>
        <translation>정수가 없습니다</translation>
    </message>
    <message>
        <source>an escape in a text is wrong</source>
        <translation>텍스트 안의 이스케이프가 잘못되었습니다</translation>
    </message>
    <message>
        <source>a quoted text is missing</source>
        <translation>따옴표로 묶인 텍스트가 없습니다</translation>
    </message>
    <message>
        <source>%1 is not an opcode of pickle</source>
        <translation>pickle에 opcode %1이(가) 없습니다</translation>
    </message>
    <message>
        <source>it is too long</source>
        <translation>너무 깁니다</translation>
    </message>
    <message>
        <source>Python would call %1 when loading this. Slotscope only shows it.</source>
        <translation>Python이 이를 로드하면 %1을(를) 호출합니다. 여기에서는 보여 주기만 합니다.</translation>
    </message>
    <message>
        <source>a number is missing</source>
        <translation>숫자가 없습니다</translation>
    </message>
    <message>
        <source>an object lacks its class</source>
        <translation>클래스가 없는 객체</translation>
    </message>
</context>
<context>
    <name>slotscope::PickleObjects</name>
    <message>
        <source>it would produce too many bytes</source>
        <translation>바이트를 너무 많이 만듭니다</translation>
    </message>
</context>
<context>
    <name>slotscope::PlanPicture</name>
    <message>
        <source>Slots before and after</source>
        <translation>이동 전후의 슬롯</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>이전</translation>
    </message>
    <message>
        <source>After</source>
        <translation>이후</translation>
    </message>
</context>
<context>
    <name>slotscope::PlanView</name>
    <message>
        <source>Atomic</source>
        <translation>원자적</translation>
    </message>
    <message>
        <source>Classic</source>
        <translation>기존 방식</translation>
    </message>
    <message>
        <source>Bars</source>
        <translation>막대</translation>
    </message>
    <message>
        <source>Maps</source>
        <translation>맵</translation>
    </message>
    <message>
        <source>Slots</source>
        <translation>슬롯</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>단계</translation>
    </message>
    <message>
        <source>expand a step to see its commands</source>
        <translation>펼치면 각 단계의 명령이 보입니다</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>복사</translation>
    </message>
    <message>
        <source>Plan as redis-cli commands</source>
        <translation>계획을 redis-cli 명령으로</translation>
    </message>
    <message>
        <source>Selected step as redis-cli commands	Ctrl+C</source>
        <translation>선택한 단계를 redis-cli 명령으로	Ctrl+C</translation>
    </message>
    <message>
        <source>Plan as text</source>
        <translation>계획을 텍스트로</translation>
    </message>
    <message>
        <source>There is nothing to do.</source>
        <translation>할 일이 없습니다.</translation>
    </message>
    <message>
        <source>There is no plan</source>
        <translation>계획이 없습니다</translation>
    </message>
    <message>
        <source>Slots to move</source>
        <translation>이동할 슬롯</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>키</translation>
    </message>
    <message>
        <source>not known</source>
        <translation>알 수 없음</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>데이터</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>방식</translation>
    </message>
    <message>
        <source>Estimated</source>
        <translation>예상 시간</translation>
    </message>
    <message>
        <source>✓ All %1 checks passed</source>
        <translation>✓ 검사 %1개를 모두 통과했습니다</translation>
    </message>
    <message>
        <source>1 check passed</source>
        <translation>검사 1개 통과</translation>
    </message>
    <message>
        <source>%1 checks passed</source>
        <translation>검사 %1개 통과</translation>
    </message>
    <message>
        <source>✕ Data may be lost</source>
        <translation>✕ 데이터가 유실될 수 있습니다</translation>
    </message>
    <message>
        <source>▲ Before you start</source>
        <translation>▲ 시작하기 전에</translation>
    </message>
    <message>
        <source>Notes</source>
        <translation>메모</translation>
    </message>
    <message>
        <source>Verified at the end</source>
        <translation>마지막에 확인하는 사항</translation>
    </message>
</context>
<context>
    <name>slotscope::PlotBoard</name>
    <message>
        <source>Plots</source>
        <translation>그래프</translation>
    </message>
    <message>
        <source>Add plot…</source>
        <translation>그래프 추가…</translation>
    </message>
    <message>
        <source>Plot any other field of INFO or CLUSTER INFO</source>
        <translation>INFO 또는 CLUSTER INFO의 다른 필드를 그래프로 표시</translation>
    </message>
</context>
<context>
    <name>slotscope::PlotLegend</name>
    <message>
        <source>the group selected below</source>
        <translation>아래에서 선택한 그룹</translation>
    </message>
    <message>
        <source>Legend</source>
        <translation>표시의 뜻</translation>
    </message>
</context>
<context>
    <name>slotscope::ProfileGroupsModel</name>
    <message>
        <source>%1, %2 lines, %3</source>
        <translation>%1, %2줄, %3</translation>
    </message>
    <message>
        <source>Group</source>
        <translation>그룹</translation>
    </message>
    <message>
        <source>Lines</source>
        <translation>줄</translation>
    </message>
    <message>
        <source>Per second</source>
        <translation>초당</translation>
    </message>
    <message>
        <source>Share</source>
        <translation>비율</translation>
    </message>
    <message>
        <source>Shards</source>
        <translation>샤드</translation>
    </message>
</context>
<context>
    <name>slotscope::ProfileLinesModel</name>
    <message>
        <source>a script</source>
        <translation>스크립트</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>시간</translation>
    </message>
    <message>
        <source>Node</source>
        <translation>노드</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>명령</translation>
    </message>
    <message>
        <source>Client</source>
        <translation>클라이언트</translation>
    </message>
</context>
<context>
    <name>slotscope::Profiler</name>
    <message>
        <source>no node was chosen</source>
        <translation>노드를 선택하지 않았습니다</translation>
    </message>
</context>
<context>
    <name>slotscope::ProfilerPage</name>
    <message>
        <source>All primaries</source>
        <translation>모든 프라이머리</translation>
    </message>
    <message>
        <source>All nodes</source>
        <translation>모든 노드</translation>
    </message>
    <message>
        <source>Stop now</source>
        <translation>지금 중지</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>시작</translation>
    </message>
    <message>
        <source>%1 lines per second</source>
        <translation>초당 %1줄</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>중지됨</translation>
    </message>
    <message>
        <source>%1 lines</source>
        <translation>%1줄</translation>
    </message>
    <message>
        <source>%1 only counted</source>
        <translation>세기만 한 줄 %1개</translation>
    </message>
    <message>
        <source>none dropped</source>
        <translation>버린 줄 없음</translation>
    </message>
    <message>
        <source> It needs: ACL SETUSER %1 %2</source>
        <translation> 필요한 권한: ACL SETUSER %1 %2</translation>
    </message>
    <message>
        <source>Lines, newest first</source>
        <translation>줄, 최신순</translation>
    </message>
    <message>
        <source>Only %1</source>
        <translation>%1만</translation>
    </message>
    <message>
        <source>%1 more</source>
        <translation>외 %1개</translation>
    </message>
    <message>
        <source>%1 lines of others</source>
        <translation>다른 줄 %1개</translation>
    </message>
    <message>
        <source>%1: %2/s</source>
        <translation>%1: %2/s</translation>
    </message>
    <message>
        <source>No node is being monitored</source>
        <translation>감시 중인 노드가 없습니다</translation>
    </message>
    <message>
        <source>MONITOR sends a copy of every command to this computer: meanwhile a busy node may handle only half of its load. These nodes currently run %1 commands per second (%2). Choose nodes and limits above; monitoring stops at the first limit reached.</source>
        <translation>MONITOR는 모든 명령의 사본을 이곳으로 보냅니다. 실행하는 동안 바쁜 노드의 처리량이 절반으로 줄 수 있습니다. 이 노드들은 현재 초당 명령 %1개를 처리합니다(%2). 위에서 노드와 한도를 선택하세요. 먼저 도달한 한도에서 멈춥니다.</translation>
    </message>
    <message>
        <source>Commands per second on these nodes: %1 before, %2 now. Received %3 per second, %4 in total. Time %5. PING of the slowest node: %6. %7 lines are in the list, %8 older ones have left it.</source>
        <translation>이 노드들의 초당 명령 수: 이전 %1개, 현재 %2개. 초당 %3개, 모두 %4개를 받았습니다. 시간 %5. 가장 느린 노드의 PING: %6. %7줄 보관, 오래된 %8줄 버림.</translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1 ms</translation>
    </message>
    <message>
        <source>Profiler</source>
        <translation>프로파일러</translation>
    </message>
    <message>
        <source>Nodes to monitor</source>
        <translation>감시할 노드</translation>
    </message>
    <message>
        <source>Stops after this time</source>
        <translation>이 시간이 지나면 중지</translation>
    </message>
    <message>
        <source>10 s</source>
        <translation>10초</translation>
    </message>
    <message>
        <source>1 min</source>
        <translation>1분</translation>
    </message>
    <message>
        <source>10 min</source>
        <translation>10분</translation>
    </message>
    <message>
        <source>Any time</source>
        <translation>모든 시간</translation>
    </message>
    <message>
        <source>Stops after this number of lines</source>
        <translation>이 줄 수에서 중지</translation>
    </message>
    <message>
        <source>10,000 lines</source>
        <translation>10,000줄</translation>
    </message>
    <message>
        <source>1,000,000 lines</source>
        <translation>1,000,000줄</translation>
    </message>
    <message>
        <source>No line limit</source>
        <translation>줄 수 제한 없음</translation>
    </message>
    <message>
        <source>Stops when one PING in ten takes longer than this on a node</source>
        <translation>노드가 PING 열 번 중 한 번을 이보다 늦게 응답하면 중지</translation>
    </message>
    <message>
        <source>Ping 5 ms</source>
        <translation>PING 5 ms</translation>
    </message>
    <message>
        <source>Ping 20 ms</source>
        <translation>PING 20 ms</translation>
    </message>
    <message>
        <source>Ping 100 ms</source>
        <translation>PING 100 ms</translation>
    </message>
    <message>
        <source>No ping limit</source>
        <translation>PING 제한 없음</translation>
    </message>
    <message>
        <source>Shown lines as text…</source>
        <translation>표시된 줄을 텍스트로…</translation>
    </message>
    <message>
        <source>Shown lines as JSON…</source>
        <translation>표시된 줄을 JSON으로…</translation>
    </message>
    <message>
        <source>Command, prefix</source>
        <translation>명령, 접두사</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>명령</translation>
    </message>
    <message>
        <source>Prefix</source>
        <translation>접두사</translation>
    </message>
    <message>
        <source>Client</source>
        <translation>클라이언트</translation>
    </message>
    <message>
        <source>Node</source>
        <translation>노드</translation>
    </message>
    <message>
        <source>Group by</source>
        <translation>그룹 기준</translation>
    </message>
    <message>
        <source>Groups of lines</source>
        <translation>줄 그룹</translation>
    </message>
    <message>
        <source>Show all</source>
        <translation>모두 보기</translation>
    </message>
    <message>
        <source>Command, key, client</source>
        <translation>명령, 키, 클라이언트</translation>
    </message>
    <message>
        <source>Passwords in AUTH, HELLO, ACL, CONFIG and MIGRATE are hidden here and in files. The lines include Slotscope&apos;s own commands.</source>
        <translation>AUTH, HELLO, ACL, CONFIG, MIGRATE의 비밀번호는 화면과 파일에서 숨깁니다. Slotscope 자체의 명령도 포함됩니다.</translation>
    </message>
    <message>
        <source>Lines of the profiler</source>
        <translation>프로파일러의 줄</translation>
    </message>
    <message>
        <source>Find in the lines</source>
        <translation>줄에서 찾기</translation>
    </message>
    <message>
        <source>where the load is</source>
        <translation>부하가 몰리는 곳</translation>
    </message>
    <message>
        <source>Lines</source>
        <translation>줄</translation>
    </message>
    <message>
        <source>Hot keys</source>
        <translation>핫 키</translation>
    </message>
    <message>
        <source>What is shown</source>
        <translation>표시 내용</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>내보내기</translation>
    </message>
    <message>
        <source>Start monitoring</source>
        <translation>모니터링 시작</translation>
    </message>
    <message>
        <source>Stop monitoring</source>
        <translation>모니터링 중지</translation>
    </message>
</context>
<context>
    <name>slotscope::PrometheusReader</name>
    <message>
        <source>%1 contains no certificate (PEM)</source>
        <translation>%1에 인증서(PEM)가 없습니다</translation>
    </message>
    <message>
        <source>its certificate is not trusted: %1</source>
        <translation>인증서를 신뢰할 수 없습니다: %1</translation>
    </message>
    <message>
        <source>%1 h</source>
        <translation>%1시간</translation>
    </message>
    <message>
        <source>%1 min</source>
        <translation>%1분</translation>
    </message>
    <message>
        <source>Prometheus, every %1 · rates over %2</source>
        <translation>Prometheus, %1마다 · 비율 기준 %2</translation>
    </message>
    <message>
        <source>Prometheus has no series of these nodes</source>
        <translation>Prometheus에 이 노드들의 시계열이 없습니다</translation>
    </message>
    <message>
        <source>%1 of %2 nodes</source>
        <translation>노드 %2개 중 %1개</translation>
    </message>
    <message>
        <source>user name, password or token contains a line break or another control character</source>
        <translation>사용자, 비밀번호 또는 토큰에 줄 바꿈 등의 문자가 있습니다</translation>
    </message>
    <message>
        <source>the server at this address is not Prometheus</source>
        <translation>응답하는 상대가 Prometheus가 아닙니다</translation>
    </message>
    <message>
        <source>there is no Prometheus at this address (HTTP %1); the address may need a path</source>
        <translation>이 주소에 Prometheus가 없습니다(HTTP %1). 별도의 경로가 있을 수 있습니다</translation>
    </message>
    <message>
        <source>this is the page of an exporter; enter the address of the Prometheus server that scrapes it</source>
        <translation>익스포터의 페이지입니다. 그것을 읽는 Prometheus를 지정하세요</translation>
    </message>
    <message>
        <source>the address redirects to %1; no request was sent there. If that is the right address, enter it instead</source>
        <translation>%1(으)로 이동하라고 합니다. 그곳에는 아무것도 보내지 않았습니다. 맞는 주소라면 그 주소를 입력하세요</translation>
    </message>
    <message>
        <source>Prometheus requires a user name and password, or a token</source>
        <translation>사용자와 비밀번호 또는 토큰을 요구합니다</translation>
    </message>
    <message>
        <source>Prometheus refuses this user name and password, or this token</source>
        <translation>이 사용자와 비밀번호 또는 토큰을 거부합니다</translation>
    </message>
    <message>
        <source>the scrape interval of Prometheus is not known; %1 is assumed</source>
        <translation>노드를 얼마나 자주 읽는지 알 수 없어 %1(으)로 가정합니다</translation>
    </message>
</context>
<context>
    <name>slotscope::Promotion</name>
    <message>
        <source>%1 does not answer</source>
        <translation>%1 응답 없음</translation>
    </message>
    <message>
        <source>It cannot be told to take over.</source>
        <translation>넘겨받으라고 알릴 수 없습니다.</translation>
    </message>
    <message>
        <source>%1 has no complete copy of the data yet</source>
        <translation>%1에는 아직 데이터의 온전한 사본이 없습니다</translation>
    </message>
    <message>
        <source>Wait until it has received and loaded the copy.</source>
        <translation>복사하고 읽어 들일 때까지 기다리십시오.</translation>
    </message>
    <message>
        <source>%1 has no replication link to its primary</source>
        <translation>%1에는 프라이머리로의 복제 연결이 없습니다</translation>
    </message>
    <message>
        <source>The replica would lack the writes since the link was lost. With FORCE it takes over nevertheless.</source>
        <translation>그 뒤에 쓴 것이 빠집니다. FORCE로는 그래도 넘겨받습니다.</translation>
    </message>
    <message>
        <source>%1 has a copy of the data</source>
        <translation>%1에 데이터 사본이 있습니다</translation>
    </message>
    <message>
        <source>Sentinels manage the primary here</source>
        <translation>여기서는 센티널이 프라이머리를 정합니다</translation>
    </message>
    <message>
        <source>The Sentinels would undo this failover. Let the Sentinels fail over: use their card, or slotscope-cli sentinel failover.</source>
        <translation>센티널이 이것을 되돌립니다. 센티널 카드나 slotscope-cli sentinel failover로 페일오버하게 하십시오.</translation>
    </message>
    <message>
        <source>TAKEOVER is only for clusters</source>
        <translation>TAKEOVER는 클러스터용입니다</translation>
    </message>
    <message>
        <source>Without a cluster there is no vote: use FORCE.</source>
        <translation>클러스터가 아니면 투표가 없습니다. FORCE를 쓰십시오.</translation>
    </message>
    <message>
        <source>Its primary does not answer</source>
        <translation>프라이머리가 응답하지 않습니다</translation>
    </message>
    <message>
        <source>A graceful hand-over needs the primary. With FORCE the replica takes over without it.</source>
        <translation>정상 인계에는 프라이머리가 필요합니다. FORCE로는 레플리카가 없이도 넘겨받습니다.</translation>
    </message>
    <message>
        <source>%1 has no FAILOVER command</source>
        <translation>%1에는 FAILOVER 명령이 없습니다</translation>
    </message>
    <message>
        <source>FAILOVER exists since Redis 6.2. Stop the clients&apos; writes, then use FORCE.</source>
        <translation>FAILOVER는 Redis 6.2부터 있습니다. 클라이언트의 쓰기를 멈춘 뒤 FORCE를 쓰십시오.</translation>
    </message>
    <message>
        <source>Writes that %1 has accepted and not yet sent to %2 are lost.</source>
        <translation>%1이(가) 받았지만 아직 %2에 보내지 않은 것은 사라집니다.</translation>
    </message>
    <message>
        <source>Writes that its primary has accepted and not yet sent to %1 are lost.</source>
        <translation>프라이머리가 받았지만 아직 %1에 보내지 않은 것은 사라집니다.</translation>
    </message>
    <message>
        <source>The former primary cannot be reached</source>
        <translation>이전 프라이머리에 알릴 수 없습니다</translation>
    </message>
    <message>
        <source>When the former primary comes back, there are two primaries: keep clients away from the former one, and make it a replica (REPLICAOF).</source>
        <translation>돌아오면 새 프라이머리와 함께 프라이머리로 남습니다. 클라이언트가 쓰지 못하게 하고 레플리카로 만드십시오(REPLICAOF).</translation>
    </message>
    <message>
        <source>%1 hands over to %2</source>
        <translation>%1이(가) %2에 넘겨줌</translation>
    </message>
    <message>
        <source>%1 stops being a replica</source>
        <translation>%1이(가) 레플리카를 그만둠</translation>
    </message>
    <message>
        <source>Writes that its primary has not sent are lost.</source>
        <translation>프라이머리가 보내지 않은 것은 사라집니다.</translation>
    </message>
    <message>
        <source>Make the others replicas of %1</source>
        <translation>나머지가 %1을(를) 따름</translation>
    </message>
    <message>
        <source>Replicas that cannot continue from their offset run a full synchronization.</source>
        <translation>지금 위치에서 이어 갈 수 없으면 모든 데이터를 새로 복사합니다.</translation>
    </message>
    <message>
        <source>Wait until the others replicate it</source>
        <translation>나머지가 따를 때까지 기다림</translation>
    </message>
    <message>
        <source>The replication links of the others are up</source>
        <translation>나머지의 복제 연결이 살아 있음</translation>
    </message>
    <message>
        <source>Wait until %1 is a primary</source>
        <translation>%1이(가) 프라이머리가 될 때까지 기다림</translation>
    </message>
    <message>
        <source>%1 reports itself as a primary</source>
        <translation>%1이(가) 자신을 프라이머리라고 함</translation>
    </message>
    <message>
        <source>Clients are not informed: if they use the address of the former primary, give them the new one.</source>
        <translation>클라이언트에는 알리지 않습니다. 이전 프라이머리의 주소를 쓰고 있으면 새 주소를 주십시오.</translation>
    </message>
    <message>
        <source>%1 contains no keys, but others contain %2</source>
        <translation>%1에는 키가 없고 다른 서버에는 %2개가 있습니다</translation>
    </message>
    <message>
        <source>This replica may never have copied the data: the others would copy an empty data set from it and lose their own. Choose another replica.</source>
        <translation>데이터를 복사한 적이 없을 수 있습니다. 다른 서버가 여기서 복사하면 가진 데이터를 잃습니다. 다른 레플리카를 선택하십시오.</translation>
    </message>
    <message>
        <source>for %1</source>
        <translation>%1 동안</translation>
    </message>
    <message>
        <source>duration unknown</source>
        <translation>기간은 알 수 없음</translation>
    </message>
    <message>
        <source>The replication link of %1 is down (%2)</source>
        <translation>%1의 복제 연결이 끊겨 있습니다(%2)</translation>
    </message>
    <message>
        <source>The replica contains %1 keys, without the writes since the link was lost.</source>
        <translation>키 %1개가 있으며, 그 뒤에 기록된 것은 들어 있지 않습니다.</translation>
    </message>
    <message>
        <source>Writes since the replication link of %1 went down (%2) are lost, even if another server still has them.</source>
        <translation>%1의 복제 연결이 끊긴 뒤(%2) 기록된 것은 다른 서버에 남아 있더라도 잃게 됩니다.</translation>
    </message>
    <message>
        <source>%1 does not answer and cannot be told</source>
        <translation>%1이(가) 응답하지 않아 알릴 수 없습니다</translation>
    </message>
    <message>
        <source>This replica still replicates the former primary. When the replica is back, make it a replica of %1.</source>
        <translation>이전 프라이머리를 계속 따릅니다. 돌아오면 %1의 레플리카로 만드십시오.</translation>
    </message>
    <message>
        <source>%1 is a separate primary</source>
        <translation>%1은(는) 별개의 프라이머리입니다</translation>
    </message>
    <message>
        <source>It and its replicas are not changed.</source>
        <translation>이 서버와 그 레플리카는 그대로 둡니다.</translation>
    </message>
    <message>
        <source>The primary pauses writes until the replica has all of them; if that takes longer than %1, it resumes as before. If the replica has all writes but does not take over, FAILOVER ABORT on the primary ends the pause.</source>
        <translation>레플리카가 모두 받을 때까지 프라이머리가 쓰기를 멈춥니다. %1보다 오래 걸리면 이전처럼 계속합니다. 레플리카가 모두 받고도 넘겨받지 않으면 프라이머리에서 FAILOVER ABORT를 실행하면 멈춤이 끝납니다.</translation>
    </message>
    <message>
        <source>It is not known at which address others reach %1</source>
        <translation>다른 서버가 %1에 어떤 주소로 도달하는지 알 수 없습니다</translation>
    </message>
    <message>
        <source>Its primary knows it by another address than the one used here, or it is reached through a Unix socket. Connect to the addresses that the primary reports (INFO replication).</source>
        <translation>프라이머리가 여기서 쓰는 것과 다른 주소로 부르거나 Unix 소켓으로 연결되어 있습니다. 프라이머리가 알려 주는 주소(INFO replication)로 연결하십시오.</translation>
    </message>
</context>
<context>
    <name>slotscope::ProtoDialog</name>
    <message>
        <source>Add a folder…</source>
        <translation>폴더 추가…</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>제거</translation>
    </message>
    <message>
        <source>Read again</source>
        <translation>다시 읽기</translation>
    </message>
    <message>
        <source>Show as this type</source>
        <translation>이 타입으로 표시</translation>
    </message>
    <message>
        <source>Protocol Buffers with .proto files</source>
        <translation>.proto 파일로 Protocol Buffers 읽기</translation>
    </message>
    <message>
        <source>Folders of .proto files</source>
        <translation>.proto 파일 폴더</translation>
    </message>
    <message>
        <source>Search message types</source>
        <translation>메시지 타입 검색</translation>
    </message>
    <message>
        <source>Message types</source>
        <translation>메시지 타입</translation>
    </message>
    <message>
        <source>Problems in the files</source>
        <translation>파일의 문제</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <source>Folders of .proto files. Imports count from each of them; the well-known types of Google are always there. The folders are kept for this connection.</source>
        <translation>.proto 파일이 있는 폴더입니다. import는 각 폴더를 기준으로 찾으며, Google의 기본 타입은 항상 쓸 수 있습니다. 폴더는 이 연결에 저장됩니다.</translation>
    </message>
    <message>
        <source>Folder of .proto files</source>
        <translation>.proto 파일 폴더</translation>
    </message>
    <message>
        <source>Reading the files…</source>
        <translation>파일을 읽는 중…</translation>
    </message>
    <message>
        <source>Add the folder of your .proto files to see the message types in it.</source>
        <translation>.proto 파일이 있는 폴더를 추가하면 그 안의 메시지 타입이 표시됩니다.</translation>
    </message>
    <message numerus="yes">
        <source>%n file(s)</source>
        <translation>
            <numerusform>파일 %n개</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n message type(s)</source>
        <translation>
            <numerusform>메시지 타입 %n개</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n problem(s); what is good in the files can be used</source>
        <translation>
            <numerusform>문제 %n개; 올바른 부분은 사용할 수 있습니다</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>slotscope::ProtoFolderReader</name>
    <message>
        <source>there is no such folder</source>
        <translation>그런 폴더가 없습니다</translation>
    </message>
    <message>
        <source>it contains no .proto files</source>
        <translation>.proto 파일이 없습니다</translation>
    </message>
    <message>
        <source>it contains more than %1 files: the rest was not looked at</source>
        <translation>파일이 %1개보다 많아 나머지는 보지 않았습니다</translation>
    </message>
    <message>
        <source>it is larger than %1</source>
        <translation>%1보다 큽니다</translation>
    </message>
    <message>
        <source>from here on, files were not read: there are more than %1 files or %2</source>
        <translation>여기부터는 파일을 읽지 않았습니다: 파일이 %1개 또는 %2을(를) 넘습니다</translation>
    </message>
</context>
<context>
    <name>slotscope::ProtoSetBuilder</name>
    <message>
        <source>it imports more than %1 files</source>
        <translation>파일을 %1개보다 많이 import합니다</translation>
    </message>
    <message>
        <source>the import “%1” was not found</source>
        <translation>import “%1”을(를) 찾지 못했습니다</translation>
    </message>
    <message>
        <source>the import “%1” has errors</source>
        <translation>import “%1”에 오류가 있습니다</translation>
    </message>
    <message>
        <source>the type %1 of the field %2 is not known: the field is shown by its number</source>
        <translation>필드 %2의 타입 %1을(를) 알 수 없어 필드를 번호로 표시합니다</translation>
    </message>
</context>
<context>
    <name>slotscope::ProtobufReader</name>
    <message>
        <source>a field with the number %1</source>
        <translation>번호가 %1인 필드</translation>
    </message>
    <message>
        <source>the end of a group is missing</source>
        <translation>그룹의 끝이 없습니다</translation>
    </message>
    <message>
        <source>A number in it is encoded in more bytes than necessary.</source>
        <translation>포함된 숫자가 필요 이상의 바이트를 차지합니다.</translation>
    </message>
    <message>
        <source>field %1 has the unknown wire type %2</source>
        <translation>필드 %1의 와이어 유형 %2을(를) 알 수 없습니다</translation>
    </message>
    <message>
        <source>a field of %1 byte(s) does not fit into the data</source>
        <translation>%1바이트 필드가 맞지 않습니다</translation>
    </message>
</context>
<context>
    <name>slotscope::ProtobufWriter</name>
    <message>
        <source>“%1” is not a field number</source>
        <translation>“%1”은(는) 필드 번호가 아닙니다</translation>
    </message>
    <message>
        <source>field %1 is neither an integer, a text nor a message</source>
        <translation>필드 %1은(는) 정수도 텍스트도 메시지도 아닙니다</translation>
    </message>
    <message>
        <source>protobuf has no {&quot;$%1&quot;: …} of this form</source>
        <translation>protobuf 필드에 이런 형식의 {&quot;$%1&quot;: …}은(는) 없습니다</translation>
    </message>
</context>
<context>
    <name>slotscope::ProxyGreeting</name>
    <message>
        <source>the server at this address is not a SOCKS5 proxy</source>
        <translation>그곳에서 응답한 것은 SOCKS5 프록시가 아닙니다</translation>
    </message>
    <message>
        <source>the proxy requires a user name and a password; this is not supported</source>
        <translation>프록시가 사용자와 비밀번호를 요구하지만 지원되지 않습니다</translation>
    </message>
    <message>
        <source>the server at this address is not an HTTP proxy</source>
        <translation>그곳에서 응답한 것은 HTTP 프록시가 아닙니다</translation>
    </message>
    <message>
        <source>the proxy reports: %1</source>
        <translation>프록시 응답: %1</translation>
    </message>
</context>
<context>
    <name>slotscope::PubSubMessagesModel</name>
    <message>
        <source> · db %1</source>
        <translation> · db %1</translation>
    </message>
    <message>
        <source>gap</source>
        <translation>수신 끊김</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>시간</translation>
    </message>
    <message>
        <source>From</source>
        <translation>노드</translation>
    </message>
    <message>
        <source>Channel</source>
        <translation>채널</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>메시지</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>크기</translation>
    </message>
    <message>
        <source>(empty)</source>
        <translation>(비어 있음)</translation>
    </message>
</context>
<context>
    <name>slotscope::PubSubPage</name>
    <message>
        <source>Live</source>
        <translation>실시간</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>일시 중지됨</translation>
    </message>
    <message>
        <source>No subscriptions</source>
        <translation>구독이 없습니다</translation>
    </message>
    <message>
        <source>Enter a channel or pattern on the left and press Enter. Channels and patterns are received through one node, shard channels from the owner of their slot, key events from every primary.</source>
        <translation>왼쪽에 채널이나 패턴을 입력하고 Enter를 누르세요. 채널과 패턴은 노드 하나를 통해, 샤드 채널은 슬롯의 소유 노드에서, 키 이벤트는 모든 프라이머리에서 수신합니다.</translation>
    </message>
    <message>
        <source>of 1 node</source>
        <translation>노드 1개</translation>
    </message>
    <message>
        <source>of %1 nodes</source>
        <translation>노드 %1개</translation>
    </message>
    <message>
        <source>1 message per second</source>
        <translation>초당 메시지 1개</translation>
    </message>
    <message>
        <source>%1 messages per second</source>
        <translation>초당 메시지 %1개</translation>
    </message>
    <message>
        <source>%1 kept</source>
        <translation>보관 %1개</translation>
    </message>
    <message>
        <source>searching…</source>
        <translation>검색 중…</translation>
    </message>
    <message>
        <source>updating of the list is paused</source>
        <translation>목록이 멈춰 있음</translation>
    </message>
    <message>
        <source>1 older one dropped</source>
        <translation>오래된 메시지 1개를 버림</translation>
    </message>
    <message>
        <source>%1 older ones dropped</source>
        <translation>오래된 메시지 %1개를 버림</translation>
    </message>
    <message>
        <source>%1 active</source>
        <translation>수신 %1개</translation>
    </message>
    <message>
        <source>%1 not received</source>
        <translation>수신 안 됨 %1개</translation>
    </message>
    <message>
        <source>%1 paused</source>
        <translation>일시 중지 %1개</translation>
    </message>
    <message>
        <source>and 1 more</source>
        <translation>외 1개</translation>
    </message>
    <message>
        <source>and %1 more</source>
        <translation>외 %1개</translation>
    </message>
    <message>
        <source>Shown as detected</source>
        <translation>자동 인식하여 표시</translation>
    </message>
    <message>
        <source>Shown as %1</source>
        <translation>%1(으)로 표시</translation>
    </message>
    <message>
        <source>An event such as expired or del, nothing for all events, or a whole pattern such as __keyspace@0__:user:*</source>
        <translation>expired나 del 같은 이벤트, 비우면 모든 이벤트, 또는 __keyspace@0__:user:* 같은 전체 패턴</translation>
    </message>
    <message>
        <source>Subscribe	Enter</source>
        <translation>구독	Enter</translation>
    </message>
    <message>
        <source>sending…</source>
        <translation>보내는 중…</translation>
    </message>
    <message>
        <source>This connection is read-only.</source>
        <translation>읽기 전용 연결입니다.</translation>
    </message>
    <message>
        <source>Enter a channel.</source>
        <translation>채널을 입력해야 합니다.</translation>
    </message>
    <message>
        <source>Pub/Sub</source>
        <translation>Pub/Sub</translation>
    </message>
    <message>
        <source>Keep 1,000</source>
        <translation>1,000개 보관</translation>
    </message>
    <message>
        <source>Keep 20,000</source>
        <translation>20,000개 보관</translation>
    </message>
    <message>
        <source>Keep 100,000</source>
        <translation>100,000개 보관</translation>
    </message>
    <message>
        <source>Save to a file…</source>
        <translation>파일로 저장…</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>지우기</translation>
    </message>
    <message>
        <source>What to subscribe to</source>
        <translation>구독할 대상</translation>
    </message>
    <message>
        <source>Pattern</source>
        <translation>패턴</translation>
    </message>
    <message>
        <source>Channel</source>
        <translation>채널</translation>
    </message>
    <message>
        <source>Shard channel</source>
        <translation>샤드 채널</translation>
    </message>
    <message>
        <source>Key events</source>
        <translation>키 이벤트</translation>
    </message>
    <message>
        <source>Channel or pattern</source>
        <translation>채널 또는 패턴</translation>
    </message>
    <message>
        <source>Subscribe</source>
        <translation>구독</translation>
    </message>
    <message>
        <source>Subscriptions</source>
        <translation>구독</translation>
    </message>
    <message>
        <source>Read them again (F5)</source>
        <translation>다시 읽기(F5)</translation>
    </message>
    <message>
        <source>Read active channels again</source>
        <translation>활성 채널 다시 읽기</translation>
    </message>
    <message>
        <source>Active channels</source>
        <translation>활성 채널</translation>
    </message>
    <message>
        <source>Channel or text</source>
        <translation>채널 또는 텍스트</translation>
    </message>
    <message>
        <source>How payloads are decoded</source>
        <translation>페이로드 해석 방법</translation>
    </message>
    <message>
        <source>Show all</source>
        <translation>모두 보기</translation>
    </message>
    <message>
        <source>Messages, newest first</source>
        <translation>메시지, 최신순</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>메시지</translation>
    </message>
    <message>
        <source>Channel to publish to</source>
        <translation>발행할 채널</translation>
    </message>
    <message>
        <source>channel</source>
        <translation>채널</translation>
    </message>
    <message>
        <source>Message to publish</source>
        <translation>발행할 메시지</translation>
    </message>
    <message>
        <source>message</source>
        <translation>메시지</translation>
    </message>
    <message>
        <source>Publish</source>
        <translation>발행</translation>
    </message>
    <message>
        <source>Messages and subscriptions of Pub/Sub</source>
        <translation>Pub/Sub의 메시지와 구독</translation>
    </message>
    <message>
        <source>Pause the list. Messages are still counted and kept (Space)</source>
        <translation>목록을 멈춥니다. 메시지는 계속 집계되고 보관됩니다 (스페이스)</translation>
    </message>
    <message>
        <source>Show new messages again (Space)</source>
        <translation>새 메시지를 다시 표시합니다 (스페이스)</translation>
    </message>
    <message>
        <source>reported by %1 of %2 nodes</source>
        <translation>노드 %2개 중 %1개에서 확인됨</translation>
    </message>
    <message>
        <source>none on 1 node</source>
        <translation>노드 1개에 없음</translation>
    </message>
    <message>
        <source>none on %1 nodes</source>
        <translation>노드 %1개에 없음</translation>
    </message>
    <message>
        <source>not known</source>
        <translation>알 수 없음</translation>
    </message>
    <message>
        <source>%1 more not listed</source>
        <translation>%1개는 표시되지 않음</translation>
    </message>
    <message>
        <source>Publish: %1</source>
        <translation>발행: %1</translation>
    </message>
    <message>
        <source>Publish to %1: %2</source>
        <translation>%1에 발행: %2</translation>
    </message>
    <message>
        <source>How many messages are kept, at most 64 MB</source>
        <translation>보관할 메시지 수, 최대 64 MB</translation>
    </message>
    <message>
        <source>Removes the messages and sets the counts to zero. Subscriptions stay.</source>
        <translation>메시지를 지우고 집계를 0으로 되돌립니다. 구독은 유지됩니다.</translation>
    </message>
    <message>
        <source>Find in the messages</source>
        <translation>메시지에서 찾기</translation>
    </message>
    <message>
        <source>Pause, or go on</source>
        <translation>일시 중지 또는 계속</translation>
    </message>
</context>
<context>
    <name>slotscope::Rail</name>
    <message>
        <source>Pages</source>
        <translation>페이지</translation>
    </message>
    <message>
        <source>%1 (Ctrl+%2)</source>
        <translation>%1(Ctrl+%2)</translation>
    </message>
    <message>
        <source>A task is running there.</source>
        <translation>실행 중인 작업이 있습니다.</translation>
    </message>
    <message>
        <source>%1, a task is running there</source>
        <translation>%1, 실행 중인 작업 있음</translation>
    </message>
</context>
<context>
    <name>slotscope::RankBar</name>
    <message>
        <source>Stop</source>
        <translation>중지</translation>
    </message>
    <message>
        <source>Read again</source>
        <translation>다시 읽기</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>진행률</translation>
    </message>
    <message>
        <source>By name again</source>
        <translation>다시 이름순으로</translation>
    </message>
    <message>
        <source>Only keys without a time to live</source>
        <translation>TTL이 없는 키만</translation>
    </message>
    <message>
        <source>By memory, largest first</source>
        <translation>메모리순, 큰 것부터</translation>
    </message>
    <message>
        <source>By memory, smallest first</source>
        <translation>메모리순, 작은 것부터</translation>
    </message>
    <message>
        <source>By length, longest first</source>
        <translation>길이순, 긴 것부터</translation>
    </message>
    <message>
        <source>By length, shortest first</source>
        <translation>길이순, 짧은 것부터</translation>
    </message>
    <message>
        <source>By idle time, longest first</source>
        <translation>유휴 시간순, 긴 것부터</translation>
    </message>
    <message>
        <source>By idle time, shortest first</source>
        <translation>유휴 시간순, 짧은 것부터</translation>
    </message>
    <message>
        <source>By time to live, longest first</source>
        <translation>TTL순, 긴 것부터</translation>
    </message>
    <message>
        <source>By time to live, soonest to expire first</source>
        <translation>TTL순, 먼저 만료되는 것부터</translation>
    </message>
    <message>
        <source>read of %1 of %2 keys</source>
        <translation>키 %2개 중 %1개 읽음</translation>
    </message>
    <message>
        <source>%1 keys</source>
        <translation>키 %1개</translation>
    </message>
    <message>
        <source>as of %1</source>
        <translation>%1 기준</translation>
    </message>
    <message>
        <source>unknown for %1</source>
        <translation>%1개는 알 수 없음</translation>
    </message>
</context>
<context>
    <name>slotscope::RatePlot</name>
    <message>
        <source>Messages of each second</source>
        <translation>초당 메시지 수</translation>
    </message>
    <message>
        <source>%1/s</source>
        <translation>%1/s</translation>
    </message>
    <message>
        <source>now</source>
        <translation>지금</translation>
    </message>
</context>
<context>
    <name>slotscope::RdbBytes</name>
    <message>
        <source>%1: damaged at byte %2: %3</source>
        <translation>%1: %2바이트 위치에서 손상됨: %3</translation>
    </message>
    <message>
        <source>the file ends here</source>
        <translation>파일이 여기서 끝납니다</translation>
    </message>
    <message>
        <source>a name or a block of %1 bytes is longer than the limit</source>
        <translation>이름이나 블록이 %1바이트로, 읽을 수 있는 크기를 넘습니다</translation>
    </message>
    <message>
        <source>a length begins with %1</source>
        <translation>%1(으)로 시작하는 길이</translation>
    </message>
    <message>
        <source>a string in place of a length</source>
        <translation>길이가 있어야 할 곳의 문자열</translation>
    </message>
    <message>
        <source>a length of %1, but only %2 bytes are left</source>
        <translation>길이는 %1인데 %2바이트만 남았습니다</translation>
    </message>
    <message>
        <source>a compressed string cannot be decompressed</source>
        <translation>풀 수 없는 압축 문자열</translation>
    </message>
    <message>
        <source>a string has the encoding %1</source>
        <translation>종류가 %1인 문자열</translation>
    </message>
    <message>
        <source>a string of %1 bytes</source>
        <translation>%1바이트의 문자열</translation>
    </message>
</context>
<context>
    <name>slotscope::RdbReader</name>
    <message>
        <source>%1 cannot be read: %2</source>
        <translation>%1을(를) 읽을 수 없습니다: %2</translation>
    </message>
    <message>
        <source>%1 is not a file</source>
        <translation>%1은(는) 파일이 아닙니다</translation>
    </message>
</context>
<context>
    <name>slotscope::RdbStream</name>
    <message>
        <source>no data arrived for %1 s</source>
        <translation>%1초 동안 아무것도 오지 않았습니다</translation>
    </message>
    <message>
        <source>a reply without a command: %1</source>
        <translation>요청하지 않은 응답: %1</translation>
    </message>
    <message>
        <source>a length was expected: %1</source>
        <translation>길이가 와야 합니다: %1</translation>
    </message>
    <message>
        <source>a line without an end</source>
        <translation>끝이 없는 줄</translation>
    </message>
    <message>
        <source>the server closed the connection before the end</source>
        <translation>끝나기 전에 서버가 연결을 닫았습니다</translation>
    </message>
    <message>
        <source>the data received is not a complete RDB file</source>
        <translation>받은 내용이 온전한 RDB 파일이 아닙니다</translation>
    </message>
    <message>
        <source>the checksum of the RDB file received is wrong: it states %1, but the data gives %2. The data is damaged and was discarded</source>
        <translation>받은 RDB 파일의 체크섬이 틀립니다. 파일에는 %1, 실제 바이트로는 %2입니다. 손상되었으므로 아무것도 보관하지 않습니다</translation>
    </message>
</context>
<context>
    <name>slotscope::RdbValues</name>
    <message>
        <source>a value has the type %1, which this program does not know: it may come from a newer server</source>
        <translation>이 프로그램이 모르는 형식 %1의 값입니다. 더 새로운 서버의 것일 수 있습니다</translation>
    </message>
    <message>
        <source>a list node has the unknown format %1</source>
        <translation>종류가 %1인 리스트 조각</translation>
    </message>
    <message>
        <source>a stream node has no id</source>
        <translation>ID가 없는 스트림 조각</translation>
    </message>
    <message>
        <source>a module value has the unknown opcode %1</source>
        <translation>종류가 %1인 모듈 조각</translation>
    </message>
</context>
<context>
    <name>slotscope::Reader::Private</name>
    <message>
        <source>a reply of more than %1 bytes in memory</source>
        <translation>메모리에서 %1바이트를 넘는 응답</translation>
    </message>
    <message>
        <source>a string of %1 bytes; at most %2 are read</source>
        <translation>%1바이트 문자열, 최대 %2바이트까지 읽음</translation>
    </message>
    <message>
        <source>a string does not end where it should: %1</source>
        <translation>문자열이 끝나야 할 곳에서 끝나지 않음: %1</translation>
    </message>
    <message>
        <source>a reply nested more than %1 levels deep</source>
        <translation>%1단계보다 깊이 중첩된 응답</translation>
    </message>
    <message>
        <source>a reply of more than %1 elements: %2</source>
        <translation>요소가 %1개를 넘는 응답: %2</translation>
    </message>
    <message>
        <source>a line of more than %1 bytes</source>
        <translation>%1바이트를 넘는 줄</translation>
    </message>
    <message>
        <source>this is not a length: %1</source>
        <translation>길이가 아닙니다: %1</translation>
    </message>
</context>
<context>
    <name>slotscope::Rebalancing</name>
    <message>
        <source>the weight of %1 is negative</source>
        <translation>%1의 가중치가 음수입니다</translation>
    </message>
    <message>
        <source>%1 is a replica</source>
        <translation>%1은(는) 레플리카입니다</translation>
    </message>
    <message>
        <source>Only primaries have a weight.</source>
        <translation>프라이머리만 가중치를 가집니다.</translation>
    </message>
    <message>
        <source>no primary would get slots: all weights are 0</source>
        <translation>모든 가중치가 0이라 슬롯을 가질 수 있는 프라이머리가 없습니다</translation>
    </message>
    <message>
        <source>The servers do not report the memory of each slot</source>
        <translation>서버가 슬롯별 메모리를 알려 주지 않습니다</translation>
    </message>
    <message>
        <source>It is estimated from the keys and the used memory of each node.</source>
        <translation>각 노드의 키 수와 사용 메모리로 추정합니다.</translation>
    </message>
    <message>
        <source>The load of the slots of %1 is not known</source>
        <translation>%1의 슬롯 부하를 알 수 없습니다</translation>
    </message>
    <message>
        <source>It is not known how many keys are in the slots of %1</source>
        <translation>%1의 슬롯에 키가 몇 개 있는지 알 수 없습니다</translation>
    </message>
    <message>
        <source>Unknown values cannot be balanced. Balance by slots.</source>
        <translation>알 수 없는 것은 균등하게 나눌 수 없습니다. 슬롯 기준으로 나누세요.</translation>
    </message>
    <message>
        <source>The servers do not report the CPU time of each slot</source>
        <translation>서버가 슬롯별 CPU 시간을 알려 주지 않습니다</translation>
    </message>
    <message>
        <source>It needs CLUSTER SLOT-STATS and cluster-slot-stats-enabled yes. Balance by slots or keys.</source>
        <translation>CLUSTER SLOT-STATS와 cluster-slot-stats-enabled yes가 필요합니다. 슬롯이나 키 기준으로 나누세요.</translation>
    </message>
    <message>
        <source>The keys of each slot could not be counted</source>
        <translation>슬롯별 키를 세지 못했습니다</translation>
    </message>
    <message>
        <source>Balance by slots.</source>
        <translation>슬롯 기준으로 나누세요.</translation>
    </message>
    <message>
        <source>Nothing to do: single slots are too heavy to get closer to equal shares.</source>
        <translation>할 일이 없습니다. 개별 슬롯이 너무 무거워 더 고르게 나눌 수 없습니다.</translation>
    </message>
    <message>
        <source>Nothing to do: no primary deviates from its share by more than %1 %.</source>
        <translation>할 일이 없습니다. 몫에서 %1 %를 넘게 벗어난 프라이머리가 없습니다.</translation>
    </message>
</context>
<context>
    <name>slotscope::RecentList</name>
    <message>
        <source>Recent connections</source>
        <translation>최근 연결</translation>
    </message>
    <message>
        <source>as %1</source>
        <translation>사용자 %1</translation>
    </message>
    <message>
        <source>database %1</source>
        <translation>데이터베이스 %1</translation>
    </message>
    <message>
        <source>read-only</source>
        <translation>읽기 전용</translation>
    </message>
    <message>
        <source>Connect</source>
        <translation>연결</translation>
    </message>
    <message>
        <source>Remove from the list</source>
        <translation>목록에서 제거</translation>
    </message>
</context>
<context>
    <name>slotscope::RecordKeeper</name>
    <message>
        <source>A saved record could not be used: %1. It was moved aside as %2.</source>
        <translation>보관된 기록을 사용할 수 없습니다: %1. %2(으)로 옮겨 두었습니다.</translation>
    </message>
    <message>
        <source>✕ Not saved: %1</source>
        <translation>✕ 보관되지 않음: %1</translation>
    </message>
    <message>
        <source>Saved at %1 in %2</source>
        <translation>%1에 %2(으)로 보관됨</translation>
    </message>
    <message>
        <source>✕ Saving is off, but the file could not be removed: %1</source>
        <translation>✕ 더 이상 보관하지 않지만 파일을 지우지 못했습니다: %1</translation>
    </message>
    <message>
        <source>To be saved in %1</source>
        <translation>%1에 보관 예정</translation>
    </message>
</context>
<context>
    <name>slotscope::Repair</name>
    <message>
        <source>no node</source>
        <translation>없음</translation>
    </message>
    <message>
        <source>No majority of the primaries answers, so there is no vote whether %1 has failed. If only this computer cannot reach it, writes of its clients are lost.</source>
        <translation>프라이머리의 과반수가 응답하지 않아 %1의 장애를 투표할 수 없습니다. 여기에서만 끊어진 것이라면 클라이언트가 그 노드에 쓰는 내용을 잃습니다.</translation>
    </message>
    <message>
        <source>%1 was restarted while %2 was away: it is not known whether its %3 are all that %2 had.</source>
        <translation>%2이(가) 없는 동안 %1이(가) 다시 시작되었습니다. 그 노드의 %3이(가) %2에 있던 전부인지 알 수 없습니다.</translation>
    </message>
    <message>
        <source>%1 had lost its link to %2 about %3 before that failed: writes in between are lost.</source>
        <translation>%1은(는) %2의 장애 약 %3 전에 링크를 잃었습니다. 그 사이에 쓴 내용은 유실됩니다.</translation>
    </message>
    <message>
        <source>%1 takes over the %2 of %3, which has failed</source>
        <translation>%1이(가) 장애가 난 %3의 %2를 넘겨받음</translation>
    </message>
    <message>
        <source>There is no vote. Writes that the failed primary had not sent are lost, as in an automatic failover.</source>
        <translation>투표가 없습니다. 자동 페일오버와 마찬가지로, 장애가 난 프라이머리가 보내지 않은 내용은 유실됩니다.</translation>
    </message>
    <message>
        <source>%1 has failed, its replica %2 answers</source>
        <translation>%1에 장애가 났고 레플리카 %2이(가) 살아 있습니다</translation>
    </message>
    <message>
        <source>The replica takes over with the data that it has.</source>
        <translation>레플리카가 가진 데이터로 넘겨받습니다.</translation>
    </message>
    <message>
        <source>Slots %1 are in migration too: run fix again when %2 has taken over.</source>
        <translation>슬롯 %1도 열려 있습니다. %2이(가) 넘겨받은 뒤 슬롯 수리(fix)를 다시 실행하세요.</translation>
    </message>
    <message>
        <source>Slots %1. %2</source>
        <translation>슬롯 %1. %2</translation>
    </message>
    <message>
        <source>Let the other nodes that claim the slots drop their claims and keep their keys</source>
        <translation>다른 노드가 주장을 거두고 키는 유지하게 하기</translation>
    </message>
    <message>
        <source>Otherwise they would delete their keys as soon as they learn the owner&apos;s newer epoch.</source>
        <translation>이 단계가 없으면 소유자의 새 에포크를 듣는 즉시 키를 삭제합니다.</translation>
    </message>
    <message>
        <source>%1 becomes the owner of %2</source>
        <translation>%1이(가) %2의 소유자가 됨</translation>
    </message>
    <message>
        <source>A former owner that comes back yields to the newer epoch and deletes its keys of these slots.</source>
        <translation>이전 소유자가 돌아오면 새 에포크를 따르고 그 슬롯의 키를 삭제합니다.</translation>
    </message>
    <message>
        <source>Let %1 stay where they are</source>
        <translation>%1를 제자리에 유지</translation>
    </message>
    <message>
        <source>Until the next step has moved them back, moved keys are reported as missing, and clients may create them again.</source>
        <translation>다음 단계에서 되돌릴 때까지, 떠난 키는 없는 것으로 읽히며 클라이언트가 새로 쓸 수 있습니다.</translation>
    </message>
    <message>
        <source>Move the keys of %1 from %2 to %3</source>
        <translation>%1의 키 가져오기, %2 → %3</translation>
    </message>
    <message>
        <source>A key that exists on both nodes with different values stops the operation, unless you chose which value to keep.</source>
        <translation>양쪽에 값이 다른 키가 있으면, 어느 쪽을 남길지 지정하지 않은 한 여기에서 멈춥니다.</translation>
    </message>
    <message>
        <source>Set %1 stable</source>
        <translation>%1 닫기</translation>
    </message>
    <message>
        <source>Announce the owner to the nodes involved</source>
        <translation>관련 노드에 소유자 알리기</translation>
    </message>
    <message>
        <source>Nothing to repair</source>
        <translation>수리할 것이 없습니다</translation>
    </message>
    <message>
        <source>Repair %1</source>
        <translation>%1 수리</translation>
    </message>
    <message>
        <source>Repair the cluster</source>
        <translation>클러스터 수리</translation>
    </message>
    <message>
        <source>Wait until all nodes agree: each slot has one owner, none is in migration</source>
        <translation>모든 노드가 일치할 때까지 대기: 슬롯마다 소유자 하나, 열린 슬롯 없음</translation>
    </message>
    <message>
        <source>Each slot has one owner, which every node that answers reports</source>
        <translation>슬롯마다 응답하는 모든 노드가 말하는 소유자가 하나씩 있습니다</translation>
    </message>
    <message>
        <source>None of them is in migration</source>
        <translation>열린 슬롯이 없습니다</translation>
    </message>
    <message>
        <source>%1 does not answer Slotscope, but the others have not marked it as failed</source>
        <translation>%1이(가) 여기에서 응답하지 않는데 다른 노드는 장애로 판단하지 않았습니다</translation>
    </message>
    <message>
        <source>Its %1 are not changed. Wait until the others mark it, or repair the network path to it.</source>
        <translation>그 노드의 %1는 그대로 둡니다. 장애로 판단될 때까지 기다리거나 경로를 복구하세요.</translation>
    </message>
</context>
<context>
    <name>slotscope::ReplyView</name>
    <message>
        <source>Replies</source>
        <translation>응답</translation>
    </message>
    <message>
        <source>The command was not sent.</source>
        <translation>보내지 않았습니다.</translation>
    </message>
    <message>
        <source>The command was not sent: %1</source>
        <translation>보내지 않았습니다: %1</translation>
    </message>
    <message>
        <source>Only the first %1 rows are compared.</source>
        <translation>처음 %1개 행만 비교합니다.</translation>
    </message>
    <message>
        <source>%1 of %2 rows are shown.</source>
        <translation>행 %2개 중 %1개를 표시합니다.</translation>
    </message>
    <message>
        <source>%1 earlier lines were dropped.</source>
        <translation>이전 줄 %1개를 버렸습니다.</translation>
    </message>
    <message>
        <source>The reply was dropped to save memory. Run the command again to see it.</source>
        <translation>메모리를 아끼기 위해 응답을 버렸습니다. 보려면 명령을 다시 실행하세요.</translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1 ms</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>대기 중</translation>
    </message>
    <message>
        <source>no answer</source>
        <translation>응답 없음</translation>
    </message>
    <message>
        <source>sent</source>
        <translation>보냄</translation>
    </message>
    <message>
        <source>stream</source>
        <translation>스트림</translation>
    </message>
    <message>
        <source>stream ended</source>
        <translation>스트림 종료</translation>
    </message>
    <message>
        <source>Enter a command below. Ctrl+Enter runs all lines, Shift+Enter the line with the cursor.</source>
        <translation>아래에 명령을 입력하세요. Ctrl+Enter는 모든 줄을, Shift+Enter는 커서가 있는 줄을 실행합니다.</translation>
    </message>
    <message>
        <source>held back · %1</source>
        <translation>보류됨 · %1</translation>
    </message>
    <message>
        <source>refused</source>
        <translation>거부됨</translation>
    </message>
    <message>
        <source>%1 of %2 nodes answered</source>
        <translation>노드 %2개 중 %1개 응답</translation>
    </message>
    <message>
        <source>%1 to %2</source>
        <translation>%1 → %2</translation>
    </message>
    <message>
        <source>≠ %1 of %2 differ</source>
        <translation>≠ %2개 중 %1개가 다름</translation>
    </message>
    <message>
        <source>all replies are equal</source>
        <translation>모두 같음</translation>
    </message>
    <message>
        <source>Show all</source>
        <translation>모두 보기</translation>
    </message>
    <message>
        <source>Only differences</source>
        <translation>차이만 보기</translation>
    </message>
    <message>
        <source>R</source>
        <translation>R</translation>
    </message>
    <message>
        <source>P</source>
        <translation>P</translation>
    </message>
    <message>
        <source>slot %1</source>
        <translation>슬롯 %1</translation>
    </message>
    <message>
        <source>no node</source>
        <translation>노드 없음</translation>
    </message>
    <message>
        <source>Run as %1 commands</source>
        <translation>명령 %1개로 나누어 실행</translation>
    </message>
    <message>
        <source>Copy the ACL command</source>
        <translation>ACL 명령 복사</translation>
    </message>
    <message>
        <source>none</source>
        <translation>없음</translation>
    </message>
    <message>
        <source>Not copied: the window has not read all of these lines. Save the reply instead.</source>
        <translation>복사하지 않았습니다. 창이 이 줄들을 모두 읽지는 않았습니다. 대신 응답을 저장하십시오.</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>중지됨</translation>
    </message>
</context>
<context>
    <name>slotscope::ReportChangesModel</name>
    <message>
        <source>All keys</source>
        <translation>모든 키</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>유형</translation>
    </message>
    <message>
        <source>Namespace</source>
        <translation>네임스페이스</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>키</translation>
    </message>
    <message>
        <source>not reported</source>
        <translation>알 수 없음</translation>
    </message>
    <message>
        <source>none</source>
        <translation>없음</translation>
    </message>
    <message>
        <source>What</source>
        <translation>내용</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>이름</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>이전</translation>
    </message>
    <message>
        <source>After</source>
        <translation>이후</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>메모리</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>키</translation>
    </message>
</context>
<context>
    <name>slotscope::ReportStore</name>
    <message>
        <source>%1. It was moved aside as %2.</source>
        <translation>%1. %2(으)로 따로 두었습니다.</translation>
    </message>
</context>
<context>
    <name>slotscope::Resharding</name>
    <message>
        <source>%1 is both source and target</source>
        <translation>%1이(가) 원본이면서 대상입니다</translation>
    </message>
    <message>
        <source>no node was given whose slots shall move</source>
        <translation>슬롯을 내줄 노드를 지정하지 않았습니다</translation>
    </message>
    <message>
        <source>no slots were chosen</source>
        <translation>슬롯을 선택하지 않았습니다</translation>
    </message>
    <message>
        <source>%1 is a replica</source>
        <translation>%1은(는) 레플리카입니다</translation>
    </message>
    <message>
        <source>Only a primary can own slots. Choose its primary, or let it fail over first.</source>
        <translation>프라이머리만 슬롯을 소유할 수 있습니다. 그 프라이머리를 선택하거나 먼저 페일오버하세요.</translation>
    </message>
    <message>
        <source>It owns no slots that could be moved.</source>
        <translation>옮길 수 있는 슬롯이 없습니다.</translation>
    </message>
    <message>
        <source>%1 owns these already: %2</source>
        <translation>%1이(가) 이미 소유하고 있습니다: %2</translation>
    </message>
    <message>
        <source>Slots without an owner: %1</source>
        <translation>소유자 없는 슬롯: %1</translation>
    </message>
    <message>
        <source>There is no node to take them from. Assign them with fix.</source>
        <translation>가져올 노드가 없습니다. 슬롯 수리(fix)로 할당하세요.</translation>
    </message>
    <message>
        <source>Slots that none of the sources owns: %1</source>
        <translation>원본 중 소유자가 없는 슬롯: %1</translation>
    </message>
    <message>
        <source>Leave them out, or add their owners as sources.</source>
        <translation>제외하거나 소유자도 원본으로 지정하세요.</translation>
    </message>
    <message>
        <source>The sources own fewer slots than that</source>
        <translation>원본이 소유한 슬롯이 그보다 적습니다</translation>
    </message>
    <message>
        <source>%1 requested, %2 available.</source>
        <translation>요청 %1, 실제 %2.</translation>
    </message>
    <message>
        <source>%1 is left without slots.</source>
        <translation>%1에 슬롯이 남지 않습니다.</translation>
    </message>
    <message>
        <source>No other primary can take the slots</source>
        <translation>슬롯을 받을 수 있는 다른 프라이머리가 없습니다</translation>
    </message>
    <message>
        <source>Add a primary first.</source>
        <translation>먼저 프라이머리를 추가하세요.</translation>
    </message>
</context>
<context>
    <name>slotscope::ResumeQuestion</name>
    <message>
        <source>stopped %1</source>
        <translation>%1에 중지됨</translation>
    </message>
    <message>
        <source>failed %1</source>
        <translation>%1에 실패</translation>
    </message>
    <message>
        <source>interrupted %1</source>
        <translation>%1에 중단됨</translation>
    </message>
    <message>
        <source>%1 of %2 slots have moved, %3 are left.</source>
        <translation>슬롯 %2개 중 %1개를 옮겼고 %3개가 남았습니다.</translation>
    </message>
    <message>
        <source>It continues with step %1 of %2: %3</source>
        <translation>%2단계 중 %1단계부터 계속합니다: %3</translation>
    </message>
    <message>
        <source>Slots left in migration: %1</source>
        <translation>열린 채 남은 슬롯: %1</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <source>Roll an operation back</source>
        <translation>작업 되돌리기</translation>
    </message>
    <message>
        <source>Resume an operation</source>
        <translation>작업 이어서 진행</translation>
    </message>
    <message>
        <source>on %1</source>
        <translation>%1에서</translation>
    </message>
    <message>
        <source>begun %1</source>
        <translation>%1에 시작</translation>
    </message>
    <message>
        <source>✕ These nodes become empty again and belong to no cluster</source>
        <translation>✕ 이 노드들은 다시 클러스터에 속하지 않은 빈 노드가 됩니다</translation>
    </message>
    <message>
        <source>Slotscope sends CLUSTER RESET HARD to each of these nodes. If any of them holds keys, does not answer, or now belongs to another cluster, none of them is reset.</source>
        <translation>Slotscope가 이 노드들에 각각 CLUSTER RESET HARD를 보냅니다. 키가 있거나 응답하지 않거나 이미 다른 클러스터에 속한 노드가 하나라도 있으면 어느 노드도 초기화하지 않습니다.</translation>
    </message>
    <message>
        <source>The same happens to every other key of this operation that has two different values; the log names each of them.</source>
        <translation>이 실행에서 두 값이 서로 다른 다른 모든 키에도 적용되며, 로그에 키마다 기록합니다.</translation>
    </message>
    <message>
        <source>✕ The target&apos;s value of this key is overwritten permanently</source>
        <translation>✕ 이 키의 대상 값을 영구히 덮어씁니다</translation>
    </message>
    <message>
        <source>✕ The source&apos;s value of this key is deleted permanently</source>
        <translation>✕ 이 키의 원본 값을 영구히 삭제합니다</translation>
    </message>
    <message>
        <source>▲ Why it ended</source>
        <translation>▲ 중단된 이유</translation>
    </message>
    <message>
        <source>✕ Data may be lost; you have agreed to this</source>
        <translation>✕ 동의한 대로 데이터가 유실될 수 있습니다</translation>
    </message>
    <message>
        <source>Remaining commands</source>
        <translation>남은 명령</translation>
    </message>
    <message>
        <source>What is sent from here on</source>
        <translation>이제부터 보낼 명령</translation>
    </message>
    <message>
        <source>MIGRATE timeout</source>
        <translation>호출 시간 제한</translation>
    </message>
    <message>
        <source>Roll back</source>
        <translation>되돌리기</translation>
    </message>
    <message>
        <source>Keep the source&apos;s</source>
        <translation>원본 값 유지</translation>
    </message>
    <message>
        <source>Keep the target&apos;s</source>
        <translation>대상 값 유지</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>이어서 진행</translation>
    </message>
    <message>
        <source>✕ The rest cannot be rolled back</source>
        <translation>✕ 남은 것은 되돌릴 수 없습니다</translation>
    </message>
    <message>
        <source>none</source>
        <translation>없음</translation>
    </message>
    <message>
        <source> keys per second</source>
        <translation> 키/초</translation>
    </message>
    <message>
        <source>Throttle</source>
        <translation>속도 제한</translation>
    </message>
</context>
<context>
    <name>slotscope::RightsCheck</name>
    <message>
        <source>%1 and %2 more</source>
        <translation>%1 외 %2개</translation>
    </message>
    <message>
        <source>The user may not access all keys of %1</source>
        <translation>사용자가 %1의 모든 키에 접근할 수는 없습니다</translation>
    </message>
    <message>
        <source>The operation stops at a key that the user may not access.</source>
        <translation>접근할 수 없는 키를 만나면 실행이 거기에서 멈춥니다.</translation>
    </message>
    <message>
        <source>The user may run what the steps need</source>
        <translation>사용자가 단계에 필요한 명령을 실행할 수 있습니다</translation>
    </message>
    <message>
        <source>The user may run what the steps need, as far as the servers reported</source>
        <translation>알려진 범위에서 사용자가 단계에 필요한 명령을 실행할 수 있습니다</translation>
    </message>
    <message>
        <source>Not reported: %1.</source>
        <translation>알 수 없음: %1.</translation>
    </message>
</context>
<context>
    <name>slotscope::RollBack</name>
    <message>
        <source>Let %1 stay with %2</source>
        <translation>%1를 %2에 유지</translation>
    </message>
    <message>
        <source>Until the next step has moved them back, moved keys are reported as missing, and clients may create them again.</source>
        <translation>다음 단계에서 되돌릴 때까지, 떠난 키는 없는 것으로 읽히며 클라이언트가 새로 쓸 수 있습니다.</translation>
    </message>
    <message>
        <source>Move their keys on %1 back to %2</source>
        <translation>%1에 있는 그 키를 %2(으)로 되돌리기</translation>
    </message>
    <message>
        <source>A key that exists on both nodes with different values stops the operation, unless you chose which value to keep.</source>
        <translation>양쪽에 값이 다른 키가 있으면, 어느 쪽을 남길지 지정하지 않은 한 여기에서 멈춥니다.</translation>
    </message>
    <message>
        <source>Set them stable on %1</source>
        <translation>%1에서 닫기</translation>
    </message>
    <message>
        <source>%1 is no longer a primary</source>
        <translation>%1이(가) 더 이상 프라이머리가 아닙니다</translation>
    </message>
    <message>
        <source>%1 is no longer in the cluster</source>
        <translation>%1이(가) 더 이상 클러스터에 없습니다</translation>
    </message>
    <message>
        <source>It has become a replica since. First make it an empty primary (replicate --promote), then roll back.</source>
        <translation>그 뒤로 다른 노드를 따르고 있습니다. 먼저 빈 프라이머리로 만든(replicate --promote) 다음 되돌리세요.</translation>
    </message>
    <message>
        <source>Some nodes do not know %1 any more</source>
        <translation>%1을(를) 더 이상 모르는 노드가 있습니다</translation>
    </message>
    <message>
        <source>They have already forgotten it. Finish the removal, or MEET the node again first.</source>
        <translation>이미 잊었습니다. 제거를 계속하거나 먼저 MEET로 다시 소개하세요.</translation>
    </message>
    <message>
        <source>Set %1 stable that only replicas still show in migration</source>
        <translation>레플리카에만 열린 것으로 남은 %1 닫기</translation>
    </message>
    <message>
        <source>Other nodes own these slots now: %1</source>
        <translation>이제 다른 노드가 소유한 슬롯: %1</translation>
    </message>
    <message>
        <source>They were moved again since. They are left where they are.</source>
        <translation>그 뒤로 다시 옮겨져 그대로 둡니다.</translation>
    </message>
    <message>
        <source>This is not changed: %1.</source>
        <translation>그대로 남는 것: %1.</translation>
    </message>
    <message>
        <source>Finish the migration of 1 slot</source>
        <translation>이동 중인 슬롯 1개를 도착시키기</translation>
    </message>
    <message>
        <source>Finish the migration of %1</source>
        <translation>이동 중인 %1를 도착시키기</translation>
    </message>
    <message>
        <source>Restore the settings that the operation would have restored at its end</source>
        <translation>실행이 끝에 되돌렸을 설정을 되돌리기</translation>
    </message>
    <message>
        <source>Check that every slot is where it was</source>
        <translation>모든 슬롯이 원래 자리에 있는지 확인</translation>
    </message>
    <message>
        <source>This part of the operation cannot be rolled back. Move the slots with reshard, or use fix.</source>
        <translation>실행의 이 부분은 되돌릴 수 없습니다. reshard로 슬롯을 옮기거나 fix를 사용하십시오.</translation>
    </message>
    <message>
        <source>Not everything is rolled back</source>
        <translation>전부 되돌리지는 않습니다</translation>
    </message>
</context>
<context>
    <name>slotscope::RoundTripModel</name>
    <message>
        <source>no answer for %1</source>
        <translation>%1 동안 응답 없음</translation>
    </message>
    <message>
        <source>no connection</source>
        <translation>연결 없음</translation>
    </message>
    <message>
        <source>The oldest ping without a reply was sent %1 ago.</source>
        <translation>응답 없는 가장 오래된 PING을 %1 전에 보냈습니다.</translation>
    </message>
    <message>
        <source>Spectrum of %1: p50 %2 ms, longest %3 ms</source>
        <translation>%1의 스펙트럼: p50 %2 ms, 최대 %3 ms</translation>
    </message>
    <message>
        <source>Round trip, ms</source>
        <translation>왕복 시간, ms</translation>
    </message>
    <message>
        <source>Min</source>
        <translation>최소</translation>
    </message>
    <message>
        <source>Average</source>
        <translation>평균</translation>
    </message>
    <message>
        <source>p50</source>
        <translation>p50</translation>
    </message>
    <message>
        <source>p99</source>
        <translation>p99</translation>
    </message>
    <message>
        <source>p99.9</source>
        <translation>p99.9</translation>
    </message>
    <message>
        <source>Longest</source>
        <translation>최대</translation>
    </message>
    <message>
        <source>Lost</source>
        <translation>유실</translation>
    </message>
    <message>
        <source>Spectrum</source>
        <translation>스펙트럼</translation>
    </message>
    <message>
        <source>Spectrum of %1 min, %2 at the bottom to 2 s</source>
        <translation>%1분의 스펙트럼, 맨 아래 %2부터 2 s까지</translation>
    </message>
    <message>
        <source>10 µs</source>
        <translation>10 µs</translation>
    </message>
    <message>
        <source>0.1 ms</source>
        <translation>0.1 ms</translation>
    </message>
</context>
<context>
    <name>slotscope::RunDialog</name>
    <message>
        <source>To continue it, connect to %1.</source>
        <translation>계속하려면 %1에 연결하세요.</translation>
    </message>
</context>
<context>
    <name>slotscope::RunFigures</name>
    <message>
        <source>%1 of ≈ %2</source>
        <translation>%1 / ≈ %2</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>Slots</source>
        <translation>슬롯</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>키</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>데이터</translation>
    </message>
    <message>
        <source>Rate</source>
        <translation>속도</translation>
    </message>
    <message>
        <source>Time left</source>
        <translation>남은 시간</translation>
    </message>
    <message>
        <source>Took</source>
        <translation>소요 시간</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>방식</translation>
    </message>
    <message>
        <source>%1 keys/s</source>
        <translation>%1 키/초</translation>
    </message>
    <message>
        <source>Atomic</source>
        <translation>원자적</translation>
    </message>
    <message>
        <source>Classic</source>
        <translation>기존 방식</translation>
    </message>
</context>
<context>
    <name>slotscope::RunListModel</name>
    <message>
        <source>Running</source>
        <translation>실행 중</translation>
    </message>
    <message>
        <source>Unfinished</source>
        <translation>끝나지 않음</translation>
    </message>
    <message>
        <source>History</source>
        <translation>기록</translation>
    </message>
    <message>
        <source>%1 · %2 %</source>
        <translation>%1 · %2 %</translation>
    </message>
    <message>
        <source>%1, %2, %3</source>
        <translation>%1, %2, %3</translation>
    </message>
</context>
<context>
    <name>slotscope::RunLog</name>
    <message>
        <source>All</source>
        <translation>전체</translation>
    </message>
    <message>
        <source>Warnings</source>
        <translation>경고</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>로그</translation>
    </message>
    <message>
        <source>Lines of the log</source>
        <translation>로그 내용</translation>
    </message>
    <message>
        <source>No warnings so far.</source>
        <translation>아직 특이 사항이 없습니다.</translation>
    </message>
    <message>
        <source>%1 lines, %2 of them warnings</source>
        <translation>%1줄, 그중 경고 %2줄</translation>
    </message>
    <message numerus="yes">
        <source>%n line(s)</source>
        <translation>
            <numerusform>%n줄</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>slotscope::RunOutcome</name>
    <message>
        <source>↶ Rolled back</source>
        <translation>↶ 되돌림</translation>
    </message>
    <message>
        <source>Remedy: %1</source>
        <translation>해결 방법: %1</translation>
    </message>
    <message>
        <source>✕ The operation failed</source>
        <translation>✕ 작업이 실패했습니다</translation>
    </message>
    <message>
        <source>▲ Interrupted</source>
        <translation>▲ 중단됨</translation>
    </message>
    <message>
        <source>The program that ran it ended in the middle of it. Resume does the remaining steps; finished steps are not repeated.</source>
        <translation>실행하던 프로그램이 도중에 종료되었습니다. 이어서 진행하면 남은 단계만 실행하며, 끝난 단계는 다시 하지 않습니다.</translation>
    </message>
    <message>
        <source>◼ Stopped as requested</source>
        <translation>◼ 요청대로 중지됨</translation>
    </message>
    <message>
        <source>The rest can be resumed.</source>
        <translation>남은 단계는 이어서 진행할 수 있습니다.</translation>
    </message>
    <message>
        <source>◼ Finishing the current step</source>
        <translation>◼ 진행 중인 단계를 마치는 중</translation>
    </message>
    <message>
        <source>It ends as soon as no slot is in migration. “Stop now” leaves slots in migration: clients still reach their keys through redirects, and the operation can be resumed.</source>
        <translation>클러스터가 온전해지면 바로 끝납니다. “지금 중지”를 선택하면 슬롯이 열린 채로 남습니다. 클라이언트는 리다이렉트를 통해 계속 키에 접근할 수 있고, 작업은 이어서 진행할 수 있습니다.</translation>
    </message>
    <message numerus="yes">
        <source>▲ %n slot(s) left in migration</source>
        <translation>
            <numerusform>▲ 슬롯 %n개가 열린 채 남음</numerusform>
        </translation>
    </message>
    <message>
        <source>%1
Clients still reach their keys through redirects. Resume finishes the migration; Fix finishes it in either direction.</source>
        <translation>%1
클라이언트는 리다이렉트를 통해 계속 키에 접근할 수 있습니다. 이어서 진행하면 이동을 마치고, 수리하면 어느 방향으로든 슬롯을 닫습니다.</translation>
    </message>
    <message>
        <source>✓ Done and verified on every node</source>
        <translation>✓ 완료, 모든 노드에서 확인됨</translation>
    </message>
    <message>
        <source>State of the cluster at the end</source>
        <translation>종료 시점의 클러스터 상태</translation>
    </message>
    <message>
        <source>◔ Waiting for %1</source>
        <translation>◔ 대기 중: %1</translation>
    </message>
    <message>
        <source>✕ This was not possible</source>
        <translation>✕ 할 수 없었습니다</translation>
    </message>
    <message>
        <source>Its changes were rolled back since. There is nothing left to resume.</source>
        <translation>바꾼 것은 그 뒤에 되돌렸습니다. 다시 시작할 것이 남아 있지 않습니다.</translation>
    </message>
    <message>
        <source>The program that ran it ended in the middle of it. Nodes may still be unavailable, and a replica may lead the shard. Resume does not repeat the drill: it restores the previous layout.</source>
        <translation>실행하던 프로그램이 도중에 종료되었습니다. 제거된 것이 아직 돌아오지 않았거나 레플리카가 샤드를 이끌고 있을 수 있습니다. 이어서 진행해도 훈련을 반복하지 않고 이전 배치를 복원합니다.</translation>
    </message>
    <message>
        <source>The unavailable nodes are back.</source>
        <translation>제거되었던 것이 돌아왔습니다.</translation>
    </message>
    <message>
        <source>◼ Restoring the unavailable nodes</source>
        <translation>◼ 제거된 것을 되돌리는 중</translation>
    </message>
    <message>
        <source>The previous layout is being restored, and the probe&apos;s keys are deleted.</source>
        <translation>이전 배치를 복원하고 프로브의 키를 지웁니다.</translation>
    </message>
</context>
<context>
    <name>slotscope::RunStepModel</name>
    <message>
        <source>waiting for %1</source>
        <translation>%1 대기</translation>
    </message>
    <message>
        <source>Step %1, %2: %3. %4</source>
        <translation>%1단계, %2: %3. %4</translation>
    </message>
</context>
<context>
    <name>slotscope::RunView</name>
    <message>
        <source>Progress</source>
        <translation>진행률</translation>
    </message>
    <message>
        <source>Resume…</source>
        <translation>이어서 진행…</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>일시 중지</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>중지</translation>
    </message>
    <message>
        <source>Fix…</source>
        <translation>수리…</translation>
    </message>
    <message>
        <source>Roll back…</source>
        <translation>되돌리기…</translation>
    </message>
    <message>
        <source>Keep the source&apos;s value…</source>
        <translation>원본의 값 유지…</translation>
    </message>
    <message>
        <source>Keep the target&apos;s value…</source>
        <translation>대상의 값 유지…</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>단계</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>Stop now</source>
        <translation>지금 중지</translation>
    </message>
    <message>
        <source>Another program on this computer runs it.</source>
        <translation>이 컴퓨터의 다른 프로그램에서 실행 중입니다.</translation>
    </message>
    <message>
        <source>“Stop now” does not wait: slots stay in migration.</source>
        <translation>“지금 중지”는 기다리지 않으며 슬롯이 열린 채로 남습니다.</translation>
    </message>
    <message>
        <source>No step is in progress; no slot is in migration.</source>
        <translation>진행 중인 단계가 없고 클러스터는 온전합니다.</translation>
    </message>
    <message>
        <source>Stop finishes the current step first; the rest can be resumed.</source>
        <translation>중지하면 진행 중인 단계를 먼저 마칩니다. 남은 단계는 이어서 진행할 수 있습니다.</translation>
    </message>
    <message>
        <source>Resume asks again: use it after resolving the conflict by hand.</source>
        <translation>이어서 진행하면 다시 묻습니다. 직접 해결한 경우에 사용하세요.</translation>
    </message>
    <message>
        <source>The remaining steps were planned for the cluster as it was then: create a new plan.</source>
        <translation>남은 단계는 당시의 클러스터를 기준으로 합니다. 계획을 새로 세우세요.</translation>
    </message>
    <message>
        <source>Steps · %1 of %2 done</source>
        <translation>단계 · %2개 중 %1개 완료</translation>
    </message>
    <message>
        <source>begun %1</source>
        <translation>%1에 시작</translation>
    </message>
    <message>
        <source>for %1</source>
        <translation>%1 동안</translation>
    </message>
    <message>
        <source>Copy the report</source>
        <translation>보고서 복사</translation>
    </message>
    <message>
        <source>Report as text…</source>
        <translation>보고서를 텍스트로…</translation>
    </message>
    <message>
        <source>Report as JSON…</source>
        <translation>보고서를 JSON으로…</translation>
    </message>
    <message>
        <source>State</source>
        <translation>상태</translation>
    </message>
    <message>
        <source>Throttle</source>
        <translation>속도 제한</translation>
    </message>
    <message>
        <source>Give it slots: rebalance…</source>
        <translation>슬롯 주기: 재조정…</translation>
    </message>
    <message>
        <source>No throttle</source>
        <translation>속도 제한 없음</translation>
    </message>
    <message>
        <source>%1 keys per second</source>
        <translation>초당 키 %1개</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>다시 시작</translation>
    </message>
    <message>
        <source>The unavailable nodes are being restored.</source>
        <translation>제거된 것을 되돌리는 중입니다.</translation>
    </message>
    <message>
        <source>Stop ends the measurement and restores the unavailable nodes.</source>
        <translation>중지하면 측정을 끝내고 제거된 것을 되돌립니다.</translation>
    </message>
    <message>
        <source>Drill as HTML…</source>
        <translation>훈련을 HTML로…</translation>
    </message>
    <message>
        <source>Drill as JSON…</source>
        <translation>훈련을 JSON으로…</translation>
    </message>
</context>
<context>
    <name>slotscope::RunWords</name>
    <message>
        <source>Rolled back</source>
        <translation>되돌림</translation>
    </message>
    <message>
        <source>Running</source>
        <translation>실행 중</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>대기 중</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>일시 중지됨</translation>
    </message>
    <message>
        <source>Stopping</source>
        <translation>중지하는 중</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>완료</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>실패</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>중지됨</translation>
    </message>
    <message>
        <source>Interrupted</source>
        <translation>중단됨</translation>
    </message>
    <message>
        <source>not done</source>
        <translation>수행 안 함</translation>
    </message>
    <message>
        <source>to do</source>
        <translation>예정</translation>
    </message>
    <message>
        <source>started</source>
        <translation>시작됨</translation>
    </message>
    <message>
        <source>running</source>
        <translation>실행 중</translation>
    </message>
    <message>
        <source>done</source>
        <translation>완료</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>중지됨</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>실패</translation>
    </message>
    <message>
        <source>not needed</source>
        <translation>필요 없음</translation>
    </message>
    <message>
        <source>%1 · step %2 of %3</source>
        <translation>%1 · %3단계 중 %2단계</translation>
    </message>
    <message>
        <source>%1 %2 %</source>
        <translation>%1 %2 %</translation>
    </message>
</context>
<context>
    <name>slotscope::SaveBox</name>
    <message>
        <source>Sa&amp;ve this connection</source>
        <translation>이 연결 저장(&amp;V)</translation>
    </message>
    <message>
        <source>none</source>
        <translation>없음</translation>
    </message>
    <message>
        <source>eu, pci</source>
        <translation>eu, pci</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>폴더</translation>
    </message>
    <message>
        <source>Tags</source>
        <translation>태그</translation>
    </message>
    <message>
        <source>Notes</source>
        <translation>메모</translation>
    </message>
    <message>
        <source>Keep the password in the system&apos;s keychain</source>
        <translation>비밀번호를 시스템 키체인에 저장</translation>
    </message>
    <message>
        <source>Otherwise you are asked for the password each time. It is never written to a file of Slotscope.</source>
        <translation>저장하지 않으면 매번 비밀번호를 묻습니다. Slotscope의 파일에는 절대 기록하지 않습니다.</translation>
    </message>
</context>
<context>
    <name>slotscope::SavedConnections</name>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>%1 is too large to be a list of connections</source>
        <translation>%1은(는) 연결 목록으로는 너무 큽니다</translation>
    </message>
    <message>
        <source>%1 was written by a newer version of Slotscope; it is not changed</source>
        <translation>%1은(는) 더 새로운 Slotscope가 쓴 것이라 그대로 둡니다</translation>
    </message>
    <message>
        <source>%1 is damaged, and could not be renamed to %2</source>
        <translation>%1이(가) 손상되었고 %2(으)로 이름을 바꾸지 못했습니다</translation>
    </message>
    <message>
        <source>another program is writing %1</source>
        <translation>다른 프로그램이 %1에 쓰고 있습니다</translation>
    </message>
    <message>
        <source>a saved connection needs an address</source>
        <translation>저장된 연결에는 주소가 필요합니다</translation>
    </message>
    <message>
        <source>this connection cannot be written as a URI</source>
        <translation>이 연결은 URI로 쓸 수 없습니다</translation>
    </message>
    <message>
        <source>“%1” was removed in the meantime</source>
        <translation>“%1”이(가) 그 사이 제거되었습니다</translation>
    </message>
    <message>
        <source>%1 connections are saved: remove one first</source>
        <translation>연결이 %1개 저장되어 있습니다. 먼저 하나를 제거하세요</translation>
    </message>
    <message>
        <source>“%1” is in %2, which Slotscope never changes: change it there, or save a copy</source>
        <translation>“%1”은(는) Slotscope가 읽기만 하는 %2에 있습니다. 그 파일에서 바꾸거나 사본을 저장하십시오</translation>
    </message>
</context>
<context>
    <name>slotscope::SavedExport</name>
    <message>
        <source>entry %1 is skipped: %2</source>
        <translation>항목 %1을(를) 뺐습니다: %2</translation>
    </message>
    <message>
        <source>there are too many</source>
        <translation>너무 많습니다</translation>
    </message>
    <message>
        <source>it has no address</source>
        <translation>주소가 없습니다</translation>
    </message>
    <message>
        <source>the password command of the connection was not imported: %1</source>
        <translation>비밀번호 명령은 가져오지 않았습니다: %1</translation>
    </message>
    <message>
        <source>the environment variable for the connection&apos;s password was not imported: %1</source>
        <translation>연결 비밀번호의 환경 변수는 가져오지 않았습니다: %1</translation>
    </message>
</context>
<context>
    <name>slotscope::SavedTree</name>
    <message>
        <source>Saved connections</source>
        <translation>저장된 연결</translation>
    </message>
    <message>
        <source>TLS</source>
        <translation>TLS</translation>
    </message>
    <message>
        <source>socket</source>
        <translation>소켓</translation>
    </message>
    <message>
        <source>plain</source>
        <translation>평문</translation>
    </message>
    <message>
        <source>open now</source>
        <translation>열려 있음</translation>
    </message>
    <message>
        <source>never</source>
        <translation>사용한 적 없음</translation>
    </message>
    <message>
        <source>Not in a folder</source>
        <translation>폴더 없음</translation>
    </message>
    <message>
        <source>%1, SSH</source>
        <translation>%1, SSH</translation>
    </message>
    <message>
        <source>%1, proxy</source>
        <translation>%1, 프록시</translation>
    </message>
    <message>
        <source>Slotscope only reads this file: change it outside Slotscope.</source>
        <translation>여기서는 읽기만 하는 파일입니다. 보관된 곳에서 바꾸세요.</translation>
    </message>
    <message>
        <source>%1, read-only file</source>
        <translation>%1, 읽기 전용 파일</translation>
    </message>
</context>
<context>
    <name>slotscope::ScanRun</name>
    <message>
        <source>this node is not known</source>
        <translation>그런 노드를 알지 못합니다</translation>
    </message>
    <message>
        <source>the nodes do not report which slots they own</source>
        <translation>노드가 슬롯의 위치를 알려 주지 않습니다</translation>
    </message>
    <message>
        <source>the cluster is not connected yet</source>
        <translation>클러스터가 아직 연결되지 않았습니다</translation>
    </message>
</context>
<context>
    <name>slotscope::ScanTrack</name>
    <message>
        <source>%1 of ≈ %2 keys</source>
        <translation>≈ %2개 중 키 %1개</translation>
    </message>
    <message>
        <source>%1 keys</source>
        <translation>키 %1개</translation>
    </message>
    <message>
        <source>Progress of the scan</source>
        <translation>스캔 진행 상황</translation>
    </message>
</context>
<context>
    <name>slotscope::SentView</name>
    <message>
        <source>Commands are not shown</source>
        <translation>명령을 표시하지 않습니다</translation>
    </message>
    <message>
        <source>Show commands</source>
        <translation>명령 표시</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>일시 중지</translation>
    </message>
    <message>
        <source>This cluster</source>
        <translation>이 클러스터</translation>
    </message>
    <message>
        <source>All</source>
        <translation>전체</translation>
    </message>
    <message>
        <source>Commands shown</source>
        <translation>표시할 명령</translation>
    </message>
    <message>
        <source>Filter: all words in one row</source>
        <translation>필터: 한 행에 모든 단어</translation>
    </message>
    <message>
        <source>Filter commands</source>
        <translation>명령 필터</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>지우기</translation>
    </message>
    <message>
        <source>Commands that were sent</source>
        <translation>보낸 명령</translation>
    </message>
    <message>
        <source>CSV…</source>
        <translation>CSV로…</translation>
    </message>
    <message>
        <source>JSON…</source>
        <translation>JSON으로…</translation>
    </message>
    <message>
        <source>Stop showing</source>
        <translation>표시 중지</translation>
    </message>
    <message numerus="yes">
        <source>%n command(s)</source>
        <translation>
            <numerusform>명령 %n개</numerusform>
        </translation>
    </message>
    <message>
        <source>the newest %1; older ones were dropped</source>
        <translation>최신 %1개만 있으며 이전 명령은 사라짐</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>일시 중지됨</translation>
    </message>
    <message>
        <source>Every command that Slotscope sends, including its own polling, with node, time and result. Passwords are removed. Commands are kept only in memory, and only while this is on; the newest %1 are shown.</source>
        <translation>Slotscope가 보내는 모든 명령(스스로 관찰하는 명령 포함)을 노드, 시간, 결과와 함께 보여 줍니다. 비밀번호는 뺍니다. 명령은 이 기능이 켜져 있는 동안 메모리에만 보관하며, 최근 %1개를 보여 줍니다.</translation>
    </message>
    <message>
        <source>%1 are not shown</source>
        <translation>%1개는 보이지 않습니다</translation>
    </message>
</context>
<context>
    <name>slotscope::SentinelBox</name>
    <message>
        <source>Through Se&amp;ntinels: the addresses above are those of Sentinels</source>
        <translation>Se&amp;ntinel을 거쳐 연결: 위 주소는 Sentinel의 주소입니다</translation>
    </message>
    <message>
        <source>Name of the primary</source>
        <translation>프라이머리 이름</translation>
    </message>
    <message>
        <source>mymaster, as in “sentinel monitor mymaster …”</source>
        <translation>mymaster (“sentinel monitor mymaster …”의 이름)</translation>
    </message>
    <message>
        <source>User of the Sentinels</source>
        <translation>Sentinel 사용자</translation>
    </message>
    <message>
        <source>default</source>
        <translation>기본값</translation>
    </message>
    <message>
        <source>Their password</source>
        <translation>Sentinel 비밀번호</translation>
    </message>
    <message>
        <source>none: the servers&apos; password is not sent to them</source>
        <translation>없음: 서버 비밀번호는 Sentinel에 보내지 않습니다</translation>
    </message>
    <message>
        <source>same as for the servers</source>
        <translation>서버와 같게</translation>
    </message>
    <message>
        <source>not encrypted</source>
        <translation>암호화하지 않음</translation>
    </message>
    <message>
        <source>Their encryption</source>
        <translation>Sentinel 암호화</translation>
    </message>
    <message>
        <source>separate, as set in the URI</source>
        <translation>URI에 적힌 대로 따로</translation>
    </message>
</context>
<context>
    <name>slotscope::SentinelCard</name>
    <message>
        <source>connecting</source>
        <translation>연결 중</translation>
    </message>
    <message>
        <source>no answer</source>
        <translation>응답 없음</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>질의함</translation>
    </message>
    <message>
        <source>no primary</source>
        <translation>정보 없음</translation>
    </message>
    <message>
        <source>other primary</source>
        <translation>다른 곳을 가리킴</translation>
    </message>
    <message>
        <source>warning</source>
        <translation>경고</translation>
    </message>
    <message>
        <source>ok</source>
        <translation>정상</translation>
    </message>
    <message>
        <source>reports %1</source>
        <translation>%1을(를) 가리킴</translation>
    </message>
    <message>
        <source>cannot reach it</source>
        <translation>닿지 못함</translation>
    </message>
    <message>
        <source>a failover is in progress</source>
        <translation>페일오버 진행 중</translation>
    </message>
    <message>
        <source>needs no password</source>
        <translation>비밀번호 필요 없음</translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1ms</translation>
    </message>
    <message>
        <source>Fail over…</source>
        <translation>페일오버…</translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>외 %n개</numerusform>
        </translation>
    </message>
    <message>
        <source>Sentinels of “%1”</source>
        <translation>“%1”의 Sentinel</translation>
    </message>
    <message>
        <source>There is no replica that could be promoted.</source>
        <translation>승격할 수 있는 레플리카가 없습니다.</translation>
    </message>
    <message>
        <source>A failover is in progress.</source>
        <translation>페일오버가 진행 중입니다.</translation>
    </message>
    <message>
        <source>This connection is read-only.</source>
        <translation>이 연결은 읽기 전용입니다.</translation>
    </message>
    <message>
        <source>Let the Sentinels promote a replica (SENTINEL FAILOVER)</source>
        <translation>Sentinel이 레플리카를 승격하게 합니다 (SENTINEL FAILOVER)</translation>
    </message>
    <message>
        <source>Fail over</source>
        <translation>페일오버</translation>
    </message>
    <message>
        <source>Let the Sentinels promote a replica of “%1”?</source>
        <translation>Sentinel이 “%1”의 레플리카를 승격하게 할까요?</translation>
    </message>
    <message>
        <source>This connection is marked as production.

</source>
        <translation>이 연결은 운영으로 표시되어 있습니다.

</translation>
    </message>
    <message>
        <source>%1 is the primary now. The Sentinels choose the replica; writes that have not reached it yet are lost, and clients are disconnected for some seconds.

SENTINEL FAILOVER %2, sent to %3</source>
        <translation>지금 프라이머리는 %1입니다. 레플리카는 Sentinel이 고릅니다. 아직 거기에 닿지 않은 쓰기는 사라지고, 클라이언트는 몇 초 동안 거부됩니다.

%3에 보냄: SENTINEL FAILOVER %2</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <source>The Sentinels are failing over…</source>
        <translation>Sentinel이 페일오버하는 중…</translation>
    </message>
    <message>
        <source>%1 is the primary now, after %2; before, it was %3.</source>
        <translation>%2 만에 %1이(가) 프라이머리가 되었습니다. 이전 프라이머리는 %3입니다.</translation>
    </message>
    <message>
        <source>reported down by the quorum</source>
        <translation>정족수만큼 다운되었다고 함</translation>
    </message>
    <message>
        <source>%1 of %2 answer · %3 must report the primary down before a failover</source>
        <translation>%2개 중 %1개 응답 · %3개가 프라이머리 다운을 말해야 페일오버</translation>
    </message>
    <message>
        <source>config epoch %1</source>
        <translation>config epoch %1</translation>
    </message>
    <message>
        <source>it is not known whether enough other Sentinels are there</source>
        <translation>다른 Sentinel이 충분히 있는지 알 수 없습니다</translation>
    </message>
    <message>
        <source>which server is the primary is not certain</source>
        <translation>어느 서버가 프라이머리인지 확실하지 않습니다</translation>
    </message>
    <message>
        <source>It is currently not certain which server is the primary.</source>
        <translation>지금 어느 서버가 프라이머리인지 확실하지 않습니다.</translation>
    </message>
</context>
<context>
    <name>slotscope::SentinelSettings</name>
    <message>
        <source>%1= is an option for Sentinels: write redis+sentinel://HOST:26379/NAME to use it</source>
        <translation>%1=은(는) Sentinel 옵션입니다. redis+sentinel://HOST:26379/NAME으로 쓰십시오</translation>
    </message>
    <message>
        <source>%1=%2: only 1 and 0 are allowed</source>
        <translation>%1=%2: 1 또는 0입니다</translation>
    </message>
</context>
<context>
    <name>slotscope::SentinelState</name>
    <message>
        <source>no Sentinel has answered yet</source>
        <translation>아직 응답한 Sentinel이 없습니다</translation>
    </message>
    <message>
        <source>the Sentinels that answer do not know about the latest failover yet</source>
        <translation>응답하는 Sentinel들이 가장 최근의 장애 조치를 아직 모릅니다</translation>
    </message>
</context>
<context>
    <name>slotscope::Setting</name>
    <message>
        <source>no setting was given</source>
        <translation>설정을 지정하지 않았습니다</translation>
    </message>
    <message>
        <source>%1 is a secret, but plans are displayed and stored in a journal. Set it with redis-cli</source>
        <translation>%1은(는) 비밀 정보입니다. 계획은 화면에 표시되고 저널에 남으므로 redis-cli로 설정하세요</translation>
    </message>
    <message>
        <source>none of the nodes that operation %1 changed is in this cluster any more</source>
        <translation>실행 %1이(가) 변경한 노드가 더 이상 이 클러스터에 없습니다</translation>
    </message>
    <message>
        <source>%1 of the nodes that the operation changed are not in the cluster any more</source>
        <translation>실행이 변경한 노드 중 %1개가 더 이상 클러스터에 없습니다</translation>
    </message>
    <message>
        <source>Skipped: %1.</source>
        <translation>제외됨: %1.</translation>
    </message>
    <message>
        <source>%1 does not answer</source>
        <translation>%1 응답 없음</translation>
    </message>
    <message>
        <source>It keeps its value. Set it when the node is back.</source>
        <translation>기존 값을 유지합니다. 돌아오면 설정하세요.</translation>
    </message>
    <message>
        <source>%1 does not know %2, or does not show it</source>
        <translation>%1이(가) %2을(를) 모르거나 보여 주지 않습니다</translation>
    </message>
    <message>
        <source>It may refuse the new value.</source>
        <translation>새 값을 거부할 수 있습니다.</translation>
    </message>
    <message>
        <source>%1 is not a sensible cluster-node-timeout</source>
        <translation>%1은(는) cluster-node-timeout으로 적절하지 않습니다</translation>
    </message>
    <message>
        <source>It is in milliseconds; below 100, nodes mark each other as failed without reason.</source>
        <translation>단위는 밀리초입니다. 100 미만이면 노드가 이유 없이 서로를 장애로 판단합니다.</translation>
    </message>
    <message>
        <source>The new cluster-node-timeout is not set on all nodes</source>
        <translation>일부 노드에만 새 cluster-node-timeout을 설정합니다</translation>
    </message>
    <message>
        <source>The nodes would mark each other as failed at different times.</source>
        <translation>노드마다 장애로 판단하는 시점이 달라집니다.</translation>
    </message>
    <message>
        <source>Clients and the other nodes reach the node through this setting: a wrong value cuts it off.</source>
        <translation>클라이언트와 다른 노드가 이 설정으로 접근하므로, 값이 틀리면 연결이 끊어집니다.</translation>
    </message>
    <message>
        <source>%1 cannot be set on several nodes at once</source>
        <translation>%1은(는) 여러 노드에 한꺼번에 설정하지 않습니다</translation>
    </message>
    <message>
        <source>Set it on one node after the other, and check each.</source>
        <translation>노드 하나씩 설정하고 매번 확인하세요.</translation>
    </message>
    <message>
        <source>%1 determines how the node is reached</source>
        <translation>%1은(는) 노드에 접근하는 데 쓰이는 설정입니다</translation>
    </message>
    <message>
        <source>No node has a setting %1</source>
        <translation>%1 설정을 아는 노드가 없습니다</translation>
    </message>
    <message>
        <source>Check its name.</source>
        <translation>이름을 확인하세요.</translation>
    </message>
    <message>
        <source>Set %1 to %2 on %3 nodes</source>
        <translation>노드 %3개에서 %1을(를) %2(으)로 설정</translation>
    </message>
    <message>
        <source>Restore %1 on %2 nodes</source>
        <translation>노드 %2개에서 %1을(를) 이전 값으로 설정</translation>
    </message>
    <message>
        <source>All of them already have this value.</source>
        <translation>모두 이미 이 값입니다.</translation>
    </message>
    <message>
        <source>The reply of each node is shown</source>
        <translation>각 노드의 응답을 표시합니다</translation>
    </message>
    <message>
        <source>Write it to the nodes&apos; configuration files</source>
        <translation>설정 파일에 기록</translation>
    </message>
    <message>
        <source>A node that was started without a configuration file refuses: it forgets the value when it restarts.</source>
        <translation>설정 파일 없이 시작된 노드는 거부하며, 다시 시작하면 값을 잊습니다.</translation>
    </message>
    <message>
        <source>%1 → %2 on %3</source>
        <translation>%1 → %2: %3</translation>
    </message>
    <message>
        <source>The previous values of the nodes are stored with the operation: it can be rolled back from its result, and with slotscope-cli config --undo.</source>
        <translation>각 노드의 이전 값은 실행과 함께 보관됩니다. 결과에서 또는 slotscope-cli config --undo로 되돌릴 수 있습니다.</translation>
    </message>
</context>
<context>
    <name>slotscope::SettingPanel</name>
    <message>
        <source>Copy the name</source>
        <translation>이름 복사</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>닫기</translation>
    </message>
    <message>
        <source>New value</source>
        <translation>새 값</translation>
    </message>
    <message>
        <source>All</source>
        <translation>전체</translation>
    </message>
    <message>
        <source>Primaries</source>
        <translation>프라이머리</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>선택…</translation>
    </message>
    <message>
        <source>On</source>
        <translation>적용 대상</translation>
    </message>
    <message>
        <source>Current value of each node</source>
        <translation>각 노드의 현재 값</translation>
    </message>
    <message>
        <source>Write it to the file as well</source>
        <translation>파일에도 기록</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>변경</translation>
    </message>
    <message>
        <source>Slotscope does not know this setting: it belongs to a module, or to a newer server.</source>
        <translation>Slotscope가 모르는 설정입니다. 모듈이나 더 새로운 서버의 설정입니다.</translation>
    </message>
    <message>
        <source>Default: %1</source>
        <translation>기본값: %1</translation>
    </message>
    <message>
        <source>Most nodes: %1</source>
        <translation>대부분의 노드: %1</translation>
    </message>
    <message>
        <source>In bytes; 100mb and 2gb are understood.</source>
        <translation>바이트 단위이며 100mb, 2gb처럼 입력할 수 있습니다.</translation>
    </message>
    <message>
        <source>%1 nodes</source>
        <translation>노드 %1개</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>another or none</source>
        <translation>다른 값 또는 없음</translation>
    </message>
    <message>
        <source>1 node: %1</source>
        <translation>노드 1개: %1</translation>
    </message>
    <message>
        <source>%1 nodes: %2</source>
        <translation>노드 %1개: %2</translation>
    </message>
    <message>
        <source>the same</source>
        <translation>같음</translation>
    </message>
    <message>
        <source>The nodes differ.</source>
        <translation>노드마다 다릅니다.</translation>
    </message>
    <message>
        <source>A password cannot be changed here, because plans are displayed and stored in a journal. Send CONFIG SET %1 in the console: its history leaves the password out.</source>
        <translation>비밀번호는 여기에서 변경하지 않습니다. 계획은 화면에 표시되고 저널에 남기 때문입니다. 콘솔에서 CONFIG SET %1을(를) 보내세요. 콘솔 기록에는 비밀번호가 남지 않습니다.</translation>
    </message>
    <message>
        <source>The servers cannot change this while they run. Change it in the configuration file of a node, and restart the node.</source>
        <translation>서버가 실행 중에는 바꿀 수 없습니다. 노드의 파일에서 바꾸고 그 노드를 다시 시작하세요.</translation>
    </message>
    <message>
        <source>Protected: the servers refuse to change it unless they were started with enable-protected-configs.</source>
        <translation>보호됨: enable-protected-configs로 시작하지 않은 서버는 변경을 거부합니다.</translation>
    </message>
    <message>
        <source>not known</source>
        <translation>알 수 없음</translation>
    </message>
    <message>
        <source>already set</source>
        <translation>이미 같음</translation>
    </message>
    <message>
        <source>now %1</source>
        <translation>현재 %1</translation>
    </message>
    <message>
        <source>CONFIG REWRITE on each changed node</source>
        <translation>변경한 각 노드에서 CONFIG REWRITE</translation>
    </message>
    <message>
        <source>1 node runs without a configuration file: there the change is lost at the next start.</source>
        <translation>노드 1개는 파일 없이 실행되어 다시 시작하면 사라집니다.</translation>
    </message>
    <message>
        <source>%1 nodes run without a configuration file: there the change is lost at the next start.</source>
        <translation>노드 %1개는 파일 없이 실행되어 다시 시작하면 사라집니다.</translation>
    </message>
    <message>
        <source>Set on 1 node…</source>
        <translation>노드 1개에 설정…</translation>
    </message>
    <message>
        <source>Set on %1 nodes…</source>
        <translation>노드 %1개에 설정…</translation>
    </message>
    <message>
        <source>This connection is read-only.</source>
        <translation>읽기 전용 연결입니다.</translation>
    </message>
    <message>
        <source>Nothing to change</source>
        <translation>변경할 것이 없음</translation>
    </message>
    <message>
        <source>Can be undone</source>
        <translation>되돌릴 수 있음</translation>
    </message>
    <message>
        <source>= %1 bytes, %2</source>
        <translation>= %1바이트, %2</translation>
    </message>
    <message>
        <source>Its value contains bytes that cannot be entered here. Send CONFIG SET in the console.</source>
        <translation>값에 여기서 입력할 수 없는 바이트가 있습니다. 콘솔에서 CONFIG SET을 보내세요.</translation>
    </message>
</context>
<context>
    <name>slotscope::SettingsDialog</name>
    <message>
        <source>Dark</source>
        <translation>어둡게</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>밝게</translation>
    </message>
    <message>
        <source>Follow the system</source>
        <translation>시스템 설정 따름</translation>
    </message>
    <message>
        <source>Language of the system</source>
        <translation>시스템 언어</translation>
    </message>
    <message>
        <source>on</source>
        <translation>켜짐</translation>
    </message>
    <message>
        <source>off</source>
        <translation>꺼짐</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>설정</translation>
    </message>
    <message>
        <source>Find a setting or a folder…</source>
        <translation>설정이나 폴더 찾기…</translation>
    </message>
    <message>
        <source>Find a setting or a folder</source>
        <translation>설정이나 폴더 찾기</translation>
    </message>
    <message>
        <source>No setting matches.</source>
        <translation>이 단어가 있는 설정이 없습니다.</translation>
    </message>
    <message>
        <source>Reset all</source>
        <translation>모두 초기화</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>닫기</translation>
    </message>
    <message>
        <source>Reset to “%1”</source>
        <translation>“%1”(으)로 초기화</translation>
    </message>
    <message>
        <source>Reset “%1”</source>
        <translation>“%1” 초기화</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>폴더 열기</translation>
    </message>
    <message>
        <source>Open the folder of “%1”</source>
        <translation>“%1”의 폴더 열기</translation>
    </message>
    <message>
        <source>Pages</source>
        <translation>페이지</translation>
    </message>
    <message>
        <source>Layout of pages</source>
        <translation>페이지 배치</translation>
    </message>
    <message>
        <source>Widths, columns, tabs and other states of the pages. Favourites, searches, formats and thresholds stay.</source>
        <translation>너비, 열, 탭 등 페이지가 스스로 기억하는 것입니다. 즐겨찾기, 검색, 형식, 임계값은 그대로 둡니다.</translation>
    </message>
    <message>
        <source>Reset layout</source>
        <translation>배치 초기화</translation>
    </message>
    <message>
        <source>Where data is stored</source>
        <translation>데이터가 저장된 곳</translation>
    </message>
    <message>
        <source>%1 could not be opened.</source>
        <translation>%1을(를) 열지 못했습니다.</translation>
    </message>
</context>
<context>
    <name>slotscope::SettingsView</name>
    <message>
        <source>All</source>
        <translation>전체</translation>
    </message>
    <message>
        <source>≠ Different</source>
        <translation>≠ 다름</translation>
    </message>
    <message>
        <source>Changed</source>
        <translation>변경됨</translation>
    </message>
    <message>
        <source>Which settings</source>
        <translation>표시할 설정</translation>
    </message>
    <message>
        <source>Find a setting or a value</source>
        <translation>설정 또는 값 찾기</translation>
    </message>
    <message>
        <source>Rewrite files…</source>
        <translation>파일 다시 쓰기…</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>설정</translation>
    </message>
    <message>
        <source>All %1</source>
        <translation>전체 %1</translation>
    </message>
    <message>
        <source>≠ Different %1</source>
        <translation>≠ 다름 %1</translation>
    </message>
    <message>
        <source>Changed %1</source>
        <translation>변경됨 %1</translation>
    </message>
    <message>
        <source>%1 does not report its settings: the user lacks %2.</source>
        <translation>%1의 설정을 볼 수 없습니다. 사용자에게 %2 권한이 없습니다.</translation>
    </message>
    <message>
        <source>Nothing has been read yet</source>
        <translation>아직 읽은 내용이 없습니다</translation>
    </message>
    <message>
        <source>Settings appear as soon as a node answers.</source>
        <translation>노드가 응답하면 설정이 표시됩니다.</translation>
    </message>
    <message>
        <source>No node reports its settings</source>
        <translation>설정을 알려 주는 노드가 없습니다</translation>
    </message>
    <message>
        <source>bold: not the default</source>
        <translation>굵게: 기본값이 아님</translation>
    </message>
    <message>
        <source>= same as most nodes</source>
        <translation>= 대부분의 노드와 같음</translation>
    </message>
    <message>
        <source>1 node runs without a configuration file</source>
        <translation>노드 1개가 설정 파일 없이 실행 중</translation>
    </message>
    <message>
        <source>%1 nodes run without a configuration file</source>
        <translation>노드 %1개가 설정 파일 없이 실행 중</translation>
    </message>
    <message>
        <source>No setting matches. Clear the search or show all.</source>
        <translation>맞는 설정이 없습니다. 검색을 지우거나 전체를 표시하세요.</translation>
    </message>
    <message>
        <source>read now</source>
        <translation>방금 읽음</translation>
    </message>
    <message>
        <source>read %1 ago</source>
        <translation>%1 전에 읽음</translation>
    </message>
    <message>
        <source>This connection is read-only.</source>
        <translation>읽기 전용 연결입니다.</translation>
    </message>
    <message>
        <source>CONFIG REWRITE: writes the running settings to the nodes&apos; files</source>
        <translation>CONFIG REWRITE: 실행 중인 설정을 노드의 파일에 기록합니다</translation>
    </message>
    <message>
        <source>No node runs with a configuration file: there is no file to write to.</source>
        <translation>설정 파일로 실행되는 노드가 없어 기록할 곳이 없습니다.</translation>
    </message>
    <message>
        <source>Rewrite files</source>
        <translation>파일 다시 쓰기</translation>
    </message>
    <message>
        <source>Let 1 node write its settings to its file?</source>
        <translation>노드 1개가 설정을 파일에 기록하게 할까요?</translation>
    </message>
    <message>
        <source>Let %1 nodes write their settings to their files?</source>
        <translation>노드 %1개가 설정을 파일에 기록하게 할까요?</translation>
    </message>
    <message>
        <source>CONFIG REWRITE changes the lines of the file that differ, and keeps its comments. Settings changed at run time then survive a restart.</source>
        <translation>CONFIG REWRITE는 다른 줄만 바꾸고 주석은 유지합니다. 실행 중에 설정한 내용이 다시 시작해도 유지됩니다.</translation>
    </message>
    <message>
        <source>1 node runs without a file and is skipped.</source>
        <translation>노드 1개는 파일 없이 실행되어 제외됩니다.</translation>
    </message>
    <message>
        <source>%1 nodes run without a file and are skipped.</source>
        <translation>노드 %1개는 파일 없이 실행되어 제외됩니다.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <source>Rewrite</source>
        <translation>다시 쓰기</translation>
    </message>
    <message>
        <source>Shown settings as CSV…</source>
        <translation>표시된 내용을 CSV로…</translation>
    </message>
    <message>
        <source>Shown settings as JSON…</source>
        <translation>표시된 내용을 JSON으로…</translation>
    </message>
    <message>
        <source>Copy the name</source>
        <translation>이름 복사</translation>
    </message>
    <message>
        <source>Copy the value of most nodes</source>
        <translation>대부분의 노드의 값 복사</translation>
    </message>
    <message>
        <source>Find a setting</source>
        <translation>설정 찾기</translation>
    </message>
</context>
<context>
    <name>slotscope::ShadeLegend</name>
    <message>
        <source>Shade: share of keys with a time to live, from none to all</source>
        <translation>음영: TTL이 있는 키의 비율, 없음부터 전부까지</translation>
    </message>
    <message>
        <source>with TTL: 0</source>
        <translation>TTL 있음: 0</translation>
    </message>
    <message>
        <source>all</source>
        <translation>전부</translation>
    </message>
</context>
<context>
    <name>slotscope::ShapesModel</name>
    <message>
        <source>%1, %2 times, %3 in total</source>
        <translation>%1, %2회, 합계 %3</translation>
    </message>
    <message>
        <source>Shape</source>
        <translation>형태</translation>
    </message>
    <message>
        <source>Count</source>
        <translation>개수</translation>
    </message>
    <message>
        <source>Total</source>
        <translation>합계</translation>
    </message>
    <message>
        <source>p50</source>
        <translation>p50</translation>
    </message>
    <message>
        <source>p99</source>
        <translation>p99</translation>
    </message>
    <message>
        <source>Longest</source>
        <translation>최대</translation>
    </message>
    <message>
        <source>Shards</source>
        <translation>샤드</translation>
    </message>
</context>
<context>
    <name>slotscope::ShardCanvas</name>
    <message>
        <source>Cluster map</source>
        <translation>클러스터 맵</translation>
    </message>
    <message>
        <source>%1, %2, %3, %4</source>
        <translation>%1, %2, %3, %4</translation>
    </message>
</context>
<context>
    <name>slotscope::ShardLegend</name>
    <message>
        <source>Shards</source>
        <translation>샤드</translation>
    </message>
</context>
<context>
    <name>slotscope::ShardModel</name>
    <message>
        <source>%1, %2, %3 slots</source>
        <translation>%1, %2, 슬롯 %3개</translation>
    </message>
    <message>
        <source>Shard</source>
        <translation>샤드</translation>
    </message>
    <message>
        <source>Primary</source>
        <translation>프라이머리</translation>
    </message>
    <message>
        <source>Slots</source>
        <translation>슬롯</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>키</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>메모리</translation>
    </message>
    <message>
        <source>Ranges</source>
        <translation>범위</translation>
    </message>
    <message>
        <source>no primary</source>
        <translation>프라이머리 없음</translation>
    </message>
</context>
<context>
    <name>slotscope::ShortcutSheet</name>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>키보드 단축키</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>닫기</translation>
    </message>
</context>
<context>
    <name>slotscope::SizeHistograms</name>
    <message>
        <source>%1, memory</source>
        <translation>%1, 메모리</translation>
    </message>
    <message>
        <source>Sizes of keys</source>
        <translation>키 크기</translation>
    </message>
    <message>
        <source>%1 keys of %2 bytes, %3 of this type</source>
        <translation>%2바이트 키 %1개, 이 유형의 %3</translation>
    </message>
    <message>
        <source>%1 keys of %2 elements, %3 of this type</source>
        <translation>요소 %2개인 키 %1개, 이 유형의 %3</translation>
    </message>
    <message>
        <source>%1 keys</source>
        <translation>키 %1개</translation>
    </message>
    <message>
        <source>%1 bytes</source>
        <translation>%1바이트</translation>
    </message>
    <message>
        <source>%1 elements</source>
        <translation>요소 %1개</translation>
    </message>
</context>
<context>
    <name>slotscope::SizesCard</name>
    <message>
        <source>Read again</source>
        <translation>다시 읽기</translation>
    </message>
    <message>
        <source>Sizes of keys</source>
        <translation>키 크기</translation>
    </message>
    <message>
        <source>of the keys of this report, %1</source>
        <translation>이 보고서의 키, %1</translation>
    </message>
    <message>
        <source>None of the keys has a type whose size is reported.</source>
        <translation>크기를 알 수 있는 키가 없습니다.</translation>
    </message>
    <message>
        <source>The report does not contain numbers of elements.</source>
        <translation>보고서에 키의 요소 수가 없습니다.</translation>
    </message>
    <message>
        <source>and %1 more</source>
        <translation>외 %1개</translation>
    </message>
</context>
<context>
    <name>slotscope::SlotDecider</name>
    <message>
        <source>%1 becomes the owner</source>
        <translation>%1이(가) 소유자가 됨</translation>
    </message>
    <message>
        <source>stays with %1; its keys on %2 are moved back</source>
        <translation>%1에 남고, %2에 있는 키를 되돌림</translation>
    </message>
    <message>
        <source>stays with %1</source>
        <translation>%1에 남음</translation>
    </message>
    <message>
        <source>Slot %1 is being migrated from %2 to a node that does not answer</source>
        <translation>슬롯 %1이(가) %2에서 응답하지 않는 노드로 이동 중입니다</translation>
    </message>
    <message>
        <source>Restart that node, or roll back: keys that are already there are then missing.</source>
        <translation>그 노드를 되살리거나 되돌리세요. 되돌리면 이미 그곳에 있는 키는 없어집니다.</translation>
    </message>
    <message>
        <source>Slot %1 is in migration from %2 to %3</source>
        <translation>슬롯 %1이(가) %2에서 %3(으)로 이동하는 도중입니다</translation>
    </message>
    <message>
        <source>First finish the migration or roll it back, then move the slot to %1.</source>
        <translation>먼저 이어서 진행하거나 되돌린 다음 %1(으)로 옮기세요.</translation>
    </message>
    <message>
        <source>Keys of slot %1 that had reached a node that does not answer are missing.</source>
        <translation>응답하지 않는 노드에 도착한 슬롯 %1의 키는 없어집니다.</translation>
    </message>
    <message>
        <source>continues from %1 to %2</source>
        <translation>%1에서 %2(으)로 계속 이동</translation>
    </message>
    <message>
        <source>moves to %2, where keys of it are, and comes back to %1</source>
        <translation>키가 있는 %2(으)로 갔다가 %1(으)로 돌아옴</translation>
    </message>
    <message>
        <source>Slot %1 has no owner, and %2 nodes contain keys of it</source>
        <translation>슬롯 %1의 소유자가 없고 노드 %2개에 그 키가 있습니다</translation>
    </message>
    <message>
        <source>Assign it to the node with the right keys; the keys of the others are moved there.</source>
        <translation>올바른 키를 가진 노드에 할당하세요. 다른 노드의 키를 그곳으로 가져옵니다.</translation>
    </message>
    <message>
        <source>Slot %1 has no owner</source>
        <translation>슬롯 %1의 소유자가 없습니다</translation>
    </message>
    <message>
        <source>No primary that answers could take it.</source>
        <translation>받을 수 있는 응답하는 프라이머리가 없습니다.</translation>
    </message>
    <message>
        <source>%1 does not answer: keys of the slots without an owner may be there. They are lost when others own these slots.</source>
        <translation>%1이(가) 응답하지 않습니다. 소유자 없는 슬롯의 키가 그곳에 있을 수 있으며, 다른 노드가 소유하면 그 키를 잃습니다.</translation>
    </message>
    <message>
        <source>Slots of %1, which does not answer</source>
        <translation>응답하지 않는 %1의 슬롯</translation>
    </message>
    <message>
        <source>%1 contains keys of these slots. If it was a replica of %2 and took over, it has all of them and only has not learnt that it owns the slots: assign them to it. Otherwise restart %2.</source>
        <translation>%1에 그 키가 있습니다. %2의 레플리카였다가 넘겨받았다면 모든 키가 있고 아직 자신의 것임을 듣지 못했을 뿐이니 그 노드에 할당하세요. 아니면 %2을(를) 되살리세요.</translation>
    </message>
    <message>
        <source>Slots of %1, which is gone: no node knows its address</source>
        <translation>사라진 %1의 슬롯: 주소를 아는 노드가 없습니다</translation>
    </message>
    <message>
        <source>If its server was restarted without its nodes.conf, it has a new node id: introduce it (meet), it may have the keys. Then assign the slots to the node that has the keys, or to another one and lose the keys.</source>
        <translation>서버가 nodes.conf 없이 다시 시작되었다면 새 ID를 갖습니다. 소개하세요(meet). 키를 가지고 있을 수 있습니다. 그런 다음 키를 가진 노드에, 또는 키를 잃고 다른 노드에 슬롯을 할당하세요.</translation>
    </message>
    <message>
        <source>Restart it: it has the keys. Or assign its slots to others: then its keys are lost.</source>
        <translation>되살리세요. 키를 가지고 있습니다. 아니면 슬롯을 다른 노드에 할당하세요. 그러면 키를 잃습니다.</translation>
    </message>
    <message>
        <source>Keys of %1 in the slots assigned to %2 that %2 does not have are lost.</source>
        <translation>%2에 할당되는 슬롯에서 %1에만 있고 %2에 없는 내용은 유실됩니다.</translation>
    </message>
    <message>
        <source>Keys of %1 in the slots assigned to %2 that %2 does not have are lost, even if %1 comes back.</source>
        <translation>%2에 할당되는 슬롯에서 %1에만 있고 %2에 없는 내용은 %1이(가) 돌아와도 유실됩니다.</translation>
    </message>
    <message>
        <source>The keys of %1 in slots assigned to others are lost, even if it comes back.</source>
        <translation>다른 노드에 할당되는 슬롯에 있는 %1의 키는 돌아와도 유실됩니다.</translation>
    </message>
    <message>
        <source>Slot %1 cannot be assigned to %2</source>
        <translation>슬롯 %1을(를) %2에 할당할 수 없습니다</translation>
    </message>
    <message>
        <source>Only a primary that answers can own slots.</source>
        <translation>응답하는 프라이머리만 슬롯을 소유할 수 있습니다.</translation>
    </message>
    <message>
        <source>Slot %1 is claimed by two nodes of the same epoch</source>
        <translation>에포크가 같은 두 노드가 슬롯 %1을(를) 주장합니다</translation>
    </message>
    <message>
        <source>Assign it to the node with the right keys; the keys of the other are moved there.</source>
        <translation>올바른 키를 가진 쪽에 할당하세요. 다른 쪽의 키를 그곳으로 가져옵니다.</translation>
    </message>
</context>
<context>
    <name>slotscope::SlotKey</name>
    <message>
        <source>uncovered: %1</source>
        <translation>소유자 없음: %1</translation>
    </message>
    <message>
        <source>owner failed: %1</source>
        <translation>소유자 장애: %1</translation>
    </message>
    <message>
        <source>in migration: %1</source>
        <translation>열림: %1</translation>
    </message>
    <message>
        <source>disputed: %1</source>
        <translation>소유 충돌: %1</translation>
    </message>
    <message>
        <source>shades: none to %1</source>
        <translation>농도: 없음부터 %1까지</translation>
    </message>
    <message>
        <source>none</source>
        <translation>없음</translation>
    </message>
</context>
<context>
    <name>slotscope::SlotMap</name>
    <message>
        <source>Slot map</source>
        <translation>슬롯 맵</translation>
    </message>
    <message>
        <source>In migration between nodes, as %1 reports</source>
        <translation>열림: 노드 사이에서 이동 중(%1의 보고)</translation>
    </message>
    <message>
        <source>Uncovered: commands on its keys are refused</source>
        <translation>소유자 없음: 이 슬롯의 키에 대한 명령이 거부됩니다</translation>
    </message>
    <message>
        <source>The owner has failed: no node serves the slot</source>
        <translation>소유자 장애: 서비스하는 노드가 없습니다</translation>
    </message>
    <message>
        <source>Disputed: nodes report different owners</source>
        <translation>소유 충돌: 노드마다 소유자를 다르게 말합니다</translation>
    </message>
    <message>
        <source>Slot %1</source>
        <translation>슬롯 %1</translation>
    </message>
    <message>
        <source>no shard</source>
        <translation>샤드 없음</translation>
    </message>
    <message>
        <source>keys not counted · epoch %1</source>
        <translation>키를 세지 않음 · 에포크 %1</translation>
    </message>
    <message>
        <source>%1 keys · epoch %2</source>
        <translation>키 %1개 · 에포크 %2</translation>
    </message>
    <message>
        <source>No owner</source>
        <translation>소유자 없음</translation>
    </message>
    <message>
        <source>memory</source>
        <translation>메모리</translation>
    </message>
    <message>
        <source>CPU</source>
        <translation>CPU</translation>
    </message>
    <message>
        <source>network</source>
        <translation>네트워크</translation>
    </message>
    <message>
        <source>%1 not known</source>
        <translation>%1 알 수 없음</translation>
    </message>
    <message>
        <source>%1 %2 · %3 % of the known total</source>
        <translation>%1 %2 · 알려진 합의 %3%</translation>
    </message>
</context>
<context>
    <name>slotscope::SlotStrip</name>
    <message>
        <source>Slot ranges of the shards</source>
        <translation>샤드의 슬롯 범위</translation>
    </message>
    <message>
        <source>Slot %1: no owner</source>
        <translation>슬롯 %1: 소유자 없음</translation>
    </message>
</context>
<context>
    <name>slotscope::SlotUseReader</name>
    <message>
        <source>the cluster is not connected yet</source>
        <translation>클러스터가 아직 연결되지 않았습니다</translation>
    </message>
    <message>
        <source>the reply is not a list of slots</source>
        <translation>응답이 슬롯 목록이 아닙니다</translation>
    </message>
</context>
<context>
    <name>slotscope::SlotsCard</name>
    <message>
        <source>Load</source>
        <translation>작업</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>메모리</translation>
    </message>
    <message>
        <source>Tags</source>
        <translation>태그</translation>
    </message>
    <message>
        <source>All slots in the slot map</source>
        <translation>슬롯 맵에서 모두 보기</translation>
    </message>
    <message>
        <source>Slots by</source>
        <translation>슬롯 기준</translation>
    </message>
    <message>
        <source>Slots</source>
        <translation>슬롯</translation>
    </message>
    <message>
        <source>Slot %1, shard %2: %3 of the total load</source>
        <translation>슬롯 %1, 샤드 %2: 전체 작업의 %3</translation>
    </message>
    <message>
        <source>Slot %1, shard %2: %3 keys, %4</source>
        <translation>슬롯 %1, 샤드 %2: 키 %3개, %4</translation>
    </message>
    <message>
        <source>%1%2 keys in slot %3, %4</source>
        <translation>슬롯 %3에 키 %1%2개, %4</translation>
    </message>
    <message>
        <source>memory of keys; the average slot has %1</source>
        <translation>키 메모리; 슬롯 평균 %1</translation>
    </message>
    <message>
        <source>hash tags with the most memory</source>
        <translation>메모리가 가장 많은 해시 태그</translation>
    </message>
    <message>
        <source>no load was measured</source>
        <translation>작업이 없었습니다</translation>
    </message>
    <message>
        <source>network share, over %1</source>
        <translation>네트워크 비율, %1 동안</translation>
    </message>
    <message>
        <source>CPU share, over %1</source>
        <translation>CPU 비율, %1 동안</translation>
    </message>
    <message>
        <source>A server without cluster mode has no slots</source>
        <translation>클러스터 모드가 아닌 서버에는 슬롯이 없습니다</translation>
    </message>
    <message>
        <source>not measured</source>
        <translation>살펴보지 않음</translation>
    </message>
</context>
<context>
    <name>slotscope::SlotsPage</name>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>%1 of %2 covered</source>
        <translation>%2개 중 %1개 할당됨</translation>
    </message>
    <message>
        <source>%1 in migration</source>
        <translation>열림 %1개</translation>
    </message>
    <message>
        <source>%1 disputed</source>
        <translation>소유 충돌 %1개</translation>
    </message>
    <message>
        <source>Nothing has been read yet</source>
        <translation>아직 읽은 내용이 없습니다</translation>
    </message>
    <message>
        <source>The map appears as soon as the first node answers.</source>
        <translation>첫 번째 노드가 응답하면 맵이 표시됩니다.</translation>
    </message>
    <message>
        <source>This server has no slots</source>
        <translation>이 서버에는 슬롯이 없습니다</translation>
    </message>
    <message>
        <source>It does not run in cluster mode: all keys are on one server. Slots exist only with cluster-enabled yes.</source>
        <translation>클러스터 모드로 실행되지 않아 모든 키가 한 서버에 있습니다. 슬롯은 cluster-enabled가 yes일 때만 있습니다.</translation>
    </message>
    <message>
        <source>Keys could not be counted everywhere: %1</source>
        <translation>일부 키를 세지 못했습니다: %1</translation>
    </message>
    <message>
        <source>The brighter a slot, the more keys it contains.</source>
        <translation>슬롯이 밝을수록 키가 많습니다.</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1초</translation>
    </message>
    <message>
        <source>Keys counted %1 ago.</source>
        <translation>%1 전에 키를 세었습니다.</translation>
    </message>
    <message>
        <source>Keys counted %1 ago; F5 counts again.</source>
        <translation>%1 전에 키를 세었습니다. F5를 누르면 다시 셉니다.</translation>
    </message>
    <message>
        <source>Counting keys…</source>
        <translation>키를 세는 중…</translation>
    </message>
    <message>
        <source>slot %1</source>
        <translation>슬롯 %1</translation>
    </message>
    <message>
        <source>of shard %1</source>
        <translation>(샤드 %1)</translation>
    </message>
    <message>
        <source>%1 of shard %2</source>
        <translation>샤드 %2의 %1개</translation>
    </message>
    <message>
        <source>1 slot</source>
        <translation>슬롯 1개</translation>
    </message>
    <message>
        <source>%1 slots</source>
        <translation>슬롯 %1개</translation>
    </message>
    <message>
        <source>%1 keys</source>
        <translation>키 %1개</translation>
    </message>
    <message>
        <source> (%1 slots not counted)</source>
        <translation> (슬롯 %1개는 세지 못함)</translation>
    </message>
    <message>
        <source>Move 1 slot…</source>
        <translation>슬롯 1개 이동…</translation>
    </message>
    <message>
        <source>Move %1 slots…</source>
        <translation>슬롯 %1개 이동…</translation>
    </message>
    <message>
        <source>This connection is read-only.</source>
        <translation>읽기 전용 연결입니다.</translation>
    </message>
    <message>
        <source>To another shard; a wizard asks which one (Ctrl+M)</source>
        <translation>다른 샤드로 이동; 대상은 마법사에서 고릅니다(Ctrl+M)</translation>
    </message>
    <message>
        <source>Slots</source>
        <translation>슬롯</translation>
    </message>
    <message>
        <source>Owner</source>
        <translation>소유자</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>키</translation>
    </message>
    <message>
        <source>Colour by</source>
        <translation>색상 기준</translation>
    </message>
    <message>
        <source>Slot of key…</source>
        <translation>키의 슬롯…</translation>
    </message>
    <message>
        <source>Find the slot of a key</source>
        <translation>키의 슬롯 찾기</translation>
    </message>
    <message>
        <source>Shards</source>
        <translation>샤드</translation>
    </message>
    <message>
        <source>Zoom out (-)</source>
        <translation>축소(-)</translation>
    </message>
    <message>
        <source>100 %</source>
        <translation>100 %</translation>
    </message>
    <message>
        <source>Zoom in (+)</source>
        <translation>확대(+)</translation>
    </message>
    <message>
        <source>Copy ranges</source>
        <translation>범위 복사</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>지우기</translation>
    </message>
    <message>
        <source>Selection</source>
        <translation>선택 영역</translation>
    </message>
    <message>
        <source>Clear selection</source>
        <translation>선택 해제</translation>
    </message>
    <message>
        <source>Copy slot number %1</source>
        <translation>슬롯 번호 %1 복사</translation>
    </message>
    <message>
        <source>Slot of a key…</source>
        <translation>키의 슬롯…</translation>
    </message>
    <message>
        <source>Count keys again</source>
        <translation>키 다시 세기</translation>
    </message>
    <message>
        <source>Picture of the map (PNG)…</source>
        <translation>맵을 그림으로(PNG)…</translation>
    </message>
    <message>
        <source>Ranges as text…</source>
        <translation>범위를 텍스트로…</translation>
    </message>
    <message>
        <source>Ranges as CSV…</source>
        <translation>범위를 CSV로…</translation>
    </message>
    <message>
        <source>Ranges as JSON…</source>
        <translation>범위를 JSON으로…</translation>
    </message>
    <message>
        <source>Reading CLUSTER SLOT-STATS…</source>
        <translation>CLUSTER SLOT-STATS 읽는 중…</translation>
    </message>
    <message>
        <source>No CLUSTER SLOT-STATS (needs Valkey 8.0 or Redis 8.2): %1.</source>
        <translation>CLUSTER SLOT-STATS가 없습니다(Valkey 8.0, Redis 8.2부터 있음): %1.</translation>
    </message>
    <message>
        <source>A rate needs two samples, %1 s apart.</source>
        <translation>속도를 구하려면 %1초 간격으로 두 번 읽어야 합니다.</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>메모리</translation>
    </message>
    <message>
        <source>CPU</source>
        <translation>CPU</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>네트워크</translation>
    </message>
    <message>
        <source>Enable counting… (Config)</source>
        <translation>집계 켜기… (설정)</translation>
    </message>
    <message>
        <source>Move the selected slots…</source>
        <translation>선택한 슬롯 이동…</translation>
    </message>
    <message>
        <source>%1 and %2 more</source>
        <translation>%1 외 %2개</translation>
    </message>
    <message>
        <source>Not counted, see cluster-slot-stats-enabled: %1.</source>
        <translation>집계하지 않음(cluster-slot-stats-enabled 참고): %1.</translation>
    </message>
    <message>
        <source>The brighter a slot, the more memory its keys take; %1 in the %2 slots with values.</source>
        <translation>슬롯이 밝을수록 키가 메모리를 많이 씁니다. 값이 있는 슬롯 %2개에 %1.</translation>
    </message>
    <message>
        <source>The brighter a slot, the more its keys are used: %1 in the %2 slots with values, over %3.</source>
        <translation>슬롯이 밝을수록 키가 많이 쓰입니다. %3 동안 값이 있는 슬롯 %2개에 %1.</translation>
    </message>
    <message>
        <source>These servers report no memory per slot: Valkey does not, newer versions of Redis only with cluster-slot-stats-enabled.</source>
        <translation>이 서버들은 슬롯별 메모리를 알려 주지 않습니다. Valkey는 알려 주지 않으며, 새 버전의 Redis는 cluster-slot-stats-enabled를 켰을 때만 알려 줍니다.</translation>
    </message>
    <message>
        <source>Drag over the map to select slots, with Alt to select a rectangle. Shift extends, Ctrl adds or removes. Drag a selection onto a shard below to move it there.</source>
        <translation>지도 위로 끌어 슬롯을 선택합니다. Alt와 함께 끌면 사각형입니다. Shift는 넓히고 Ctrl은 더하거나 뺍니다. 선택을 아래 샤드로 끌면 그쪽으로 옮깁니다.</translation>
    </message>
    <message>
        <source>Select all of %1</source>
        <translation>%1 모두 선택</translation>
    </message>
    <message>
        <source>%1 keys in a slot</source>
        <translation>슬롯 하나에 키 %1개</translation>
    </message>
</context>
<context>
    <name>slotscope::SlotsUnderWay</name>
    <message>
        <source>Being moved by Slotscope: %1</source>
        <translation>Slotscope가 옮기는 중: %1</translation>
    </message>
    <message>
        <source>These slots are in migration on purpose. Until they have moved, commands with several keys of one slot may fail with TRYAGAIN, and nodes may report different owners.</source>
        <translation>의도적으로 열어 둔 슬롯입니다. 이동이 끝날 때까지 여러 키를 쓰는 명령이 TRYAGAIN으로 실패할 수 있고, 노드마다 소유자를 다르게 말할 수 있습니다.</translation>
    </message>
    <message>
        <source>Wait until the operation ends, or stop it on the Operations page: it then finishes the step in progress.</source>
        <translation>끝날 때까지 기다리거나 작업 페이지에서 중지하세요. 진행 중인 단계를 마친 뒤 멈춥니다.</translation>
    </message>
</context>
<context>
    <name>slotscope::SlowlogChanges</name>
    <message>
        <source> It needs %1.</source>
        <translation> 필요한 권한: %1.</translation>
    </message>
    <message>
        <source>Done on 1 node.</source>
        <translation>노드 1개에 적용했습니다.</translation>
    </message>
    <message>
        <source>Done on %1 nodes.</source>
        <translation>노드 %1개에 적용했습니다.</translation>
    </message>
    <message>
        <source>Done on %1 of %2 nodes.</source>
        <translation>노드 %2개 중 %1개에 적용했습니다.</translation>
    </message>
    <message>
        <source>there is no connection</source>
        <translation>연결이 없습니다</translation>
    </message>
    <message>
        <source>Change %1?</source>
        <translation>%1을(를) 변경할까요?</translation>
    </message>
    <message>
        <source>%1 is marked as production.</source>
        <translation>%1은(는) 프로덕션으로 표시되어 있습니다.</translation>
    </message>
    <message>
        <source>%1 will be sent.</source>
        <translation>%1 명령을 보냅니다.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <source>Change it</source>
        <translation>변경</translation>
    </message>
</context>
<context>
    <name>slotscope::SlowlogModel</name>
    <message>
        <source>%1, %2, %3</source>
        <translation>%1, %2, %3</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>시간</translation>
    </message>
    <message>
        <source>Node</source>
        <translation>노드</translation>
    </message>
    <message>
        <source>Took</source>
        <translation>소요 시간</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>명령</translation>
    </message>
    <message>
        <source>Client</source>
        <translation>클라이언트</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>이름</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>크기</translation>
    </message>
</context>
<context>
    <name>slotscope::SlowlogPage</name>
    <message>
        <source>This connection is read-only.</source>
        <translation>읽기 전용 연결입니다.</translation>
    </message>
    <message>
        <source>Duration over time</source>
        <translation>시간에 따른 소요 시간</translation>
    </message>
    <message>
        <source>Size over time</source>
        <translation>시간에 따른 크기</translation>
    </message>
    <message>
        <source>All nodes</source>
        <translation>모든 노드</translation>
    </message>
    <message>
        <source>Any time</source>
        <translation>모든 시간</translation>
    </message>
    <message>
        <source>Any size</source>
        <translation>모든 크기</translation>
    </message>
    <message>
        <source>≥ %1</source>
        <translation>≥ %1</translation>
    </message>
    <message>
        <source>Live</source>
        <translation>실시간</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>일시 중지됨</translation>
    </message>
    <message>
        <source>Stop reading new entries (Space)</source>
        <translation>새 엔트리 확인 중지(Space)</translation>
    </message>
    <message>
        <source>Continue (Space)</source>
        <translation>계속(Space)</translation>
    </message>
    <message>
        <source>1 shape · arguments omitted</source>
        <translation>형태 1개 · 인수 접음</translation>
    </message>
    <message>
        <source>%1 shapes · arguments omitted</source>
        <translation>형태 %1개 · 인수 접음</translation>
    </message>
    <message>
        <source>1 entry</source>
        <translation>엔트리 1개</translation>
    </message>
    <message>
        <source>%1 entries</source>
        <translation>엔트리 %1개</translation>
    </message>
    <message>
        <source>%1 since %2</source>
        <translation>%2 이후 %1</translation>
    </message>
    <message>
        <source>1 node</source>
        <translation>노드 1개</translation>
    </message>
    <message>
        <source>all %1 nodes</source>
        <translation>모든 노드 %1개</translation>
    </message>
    <message>
        <source>%1 of %2 nodes</source>
        <translation>노드 %2개 중 %1개</translation>
    </message>
    <message>
        <source>clocks differ from this computer by up to %1: corrected</source>
        <translation>서버 시계가 최대 %1 다름: 보정됨</translation>
    </message>
    <message>
        <source>1 was dropped before it was read</source>
        <translation>1개는 읽기 전에 사라짐</translation>
    </message>
    <message>
        <source>%1 were dropped before they were read</source>
        <translation>%1개는 읽기 전에 사라짐</translation>
    </message>
    <message>
        <source>the oldest 1 dropped</source>
        <translation>가장 오래된 1개를 버림</translation>
    </message>
    <message>
        <source>the oldest %1 dropped</source>
        <translation>가장 오래된 %1개를 버림</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>Read 1 older</source>
        <translation>이전 1개 더 읽기</translation>
    </message>
    <message>
        <source>Read %1 older</source>
        <translation>이전 %1개 더 읽기</translation>
    </message>
    <message>
        <source>threshold %1</source>
        <translation>임계값 %1</translation>
    </message>
    <message>
        <source>%1 does not show the log: the user lacks %2. %3</source>
        <translation>%1의 로그를 볼 수 없습니다. 사용자에게 %2 권한이 없습니다. %3</translation>
    </message>
    <message>
        <source>Every node</source>
        <translation>모든 노드</translation>
    </message>
    <message>
        <source>Entries read before stay; the other nodes are still read.</source>
        <translation>이전에 읽은 내용은 남아 있고 다른 노드는 계속 읽습니다.</translation>
    </message>
    <message>
        <source>Nothing has been read yet</source>
        <translation>아직 읽은 내용이 없습니다</translation>
    </message>
    <message>
        <source>The log appears as soon as the nodes answer.</source>
        <translation>노드가 응답하면 로그가 표시됩니다.</translation>
    </message>
    <message>
        <source>The log cannot be read</source>
        <translation>로그를 읽을 수 없습니다</translation>
    </message>
    <message>
        <source>The user of this connection lacks the permission %1.</source>
        <translation>이 연결의 사용자에게 %1 권한이 없습니다.</translation>
    </message>
    <message>
        <source>The log is off</source>
        <translation>로그가 꺼져 있습니다</translation>
    </message>
    <message>
        <source>The nodes record nothing: the threshold is off.</source>
        <translation>임계값이 꺼져 있어 노드가 아무것도 기록하지 않습니다.</translation>
    </message>
    <message>
        <source>the threshold</source>
        <translation>임계값</translation>
    </message>
    <message>
        <source>Nothing slower than %1 since %2</source>
        <translation>%2 이후 %1보다 느린 명령 없음</translation>
    </message>
    <message>
        <source>Nothing larger than %1 since %2</source>
        <translation>%2 이후 %1보다 큰 명령 없음</translation>
    </message>
    <message>
        <source>The nodes contain no entry, and none arrived since this page was opened.</source>
        <translation>노드에 보관된 엔트리가 없고, 이 페이지를 연 뒤에도 없었습니다.</translation>
    </message>
    <message>
        <source>Reset</source>
        <translation>초기화</translation>
    </message>
    <message>
        <source>Clear the log of %1?</source>
        <translation>%1의 로그를 비울까요?</translation>
    </message>
    <message>
        <source>The servers delete their entries; entries already read stay on this page.</source>
        <translation>서버의 엔트리는 지워지고, 이미 읽은 내용은 이 페이지에 남습니다.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <source>The log was cleared. %1</source>
        <translation>로그를 비웠습니다. %1</translation>
    </message>
    <message>
        <source>On all nodes…</source>
        <translation>모든 노드에서…</translation>
    </message>
    <message>
        <source>Entries as CSV…</source>
        <translation>엔트리를 CSV로…</translation>
    </message>
    <message>
        <source>Entries as JSON…</source>
        <translation>엔트리를 JSON으로…</translation>
    </message>
    <message>
        <source>Entries as text…</source>
        <translation>엔트리를 텍스트로…</translation>
    </message>
    <message>
        <source>Shapes as CSV…</source>
        <translation>형태를 CSV로…</translation>
    </message>
    <message>
        <source>Shapes as JSON…</source>
        <translation>형태를 JSON으로…</translation>
    </message>
    <message>
        <source>Picture of the plot (PNG)…</source>
        <translation>그래프를 그림으로(PNG)…</translation>
    </message>
    <message>
        <source>Copy the command as a line</source>
        <translation>명령을 한 줄로 복사</translation>
    </message>
    <message>
        <source>Only commands of this shape</source>
        <translation>이 형태의 명령만</translation>
    </message>
    <message>
        <source>Only this node</source>
        <translation>이 노드만</translation>
    </message>
    <message>
        <source>Show the node in Topology</source>
        <translation>토폴로지에서 노드 보기</translation>
    </message>
    <message>
        <source>Slow log</source>
        <translation>슬로우 로그</translation>
    </message>
    <message>
        <source>Slow</source>
        <translation>느린 명령</translation>
    </message>
    <message>
        <source>Large requests</source>
        <translation>큰 요청</translation>
    </message>
    <message>
        <source>Large replies</source>
        <translation>큰 응답</translation>
    </message>
    <message>
        <source>Log type</source>
        <translation>로그 종류</translation>
    </message>
    <message>
        <source>Thresholds</source>
        <translation>임계값</translation>
    </message>
    <message>
        <source>Reset…</source>
        <translation>초기화…</translation>
    </message>
    <message>
        <source>Copy ACL command</source>
        <translation>ACL 명령 복사</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>닫기</translation>
    </message>
    <message>
        <source>5 min</source>
        <translation>5분</translation>
    </message>
    <message>
        <source>30 min</source>
        <translation>30분</translation>
    </message>
    <message>
        <source>3 h</source>
        <translation>3시간</translation>
    </message>
    <message>
        <source>All</source>
        <translation>전체</translation>
    </message>
    <message>
        <source>Time shown</source>
        <translation>표시 기간</translation>
    </message>
    <message>
        <source>Node</source>
        <translation>노드</translation>
    </message>
    <message>
        <source>At least</source>
        <translation>최소</translation>
    </message>
    <message>
        <source>Command, key or client</source>
        <translation>명령, 키 또는 클라이언트</translation>
    </message>
    <message>
        <source>Hide Slotscope&apos;s own</source>
        <translation>자체 명령 숨기기</translation>
    </message>
    <message>
        <source>Commands from clients named “slotscope”</source>
        <translation>이름이 “slotscope”인 클라이언트가 보낸 명령</translation>
    </message>
    <message>
        <source>By shape of command</source>
        <translation>명령 형태별</translation>
    </message>
    <message>
        <source>Show all</source>
        <translation>모두 보기</translation>
    </message>
    <message>
        <source>Entries</source>
        <translation>엔트리</translation>
    </message>
    <message>
        <source>Lower the threshold…</source>
        <translation>임계값 낮추기…</translation>
    </message>
    <message>
        <source>Slow log entries that the servers have dropped</source>
        <translation>서버에서 이미 사라진 슬로우 로그 엔트리</translation>
    </message>
    <message>
        <source>Find a command</source>
        <translation>명령 찾기</translation>
    </message>
    <message>
        <source>Keep on disk</source>
        <translation>디스크에 보관</translation>
    </message>
    <message>
        <source>When this is on, the newest %1 entries of this cluster are saved to a file in %2 and are available after a restart. They contain key names and parts of values; passwords are removed.</source>
        <translation>켜 두면 이 클러스터의 최신 항목 %1개가 %2의 파일에 저장되어 다시 시작한 뒤에도 여기에 나타납니다. 키 이름과 값의 일부가 들어 있으며, 비밀번호는 지워집니다.</translation>
    </message>
    <message>
        <source>Pause, or read on</source>
        <translation>일시 중지 또는 계속 읽기</translation>
    </message>
    <message>
        <source>Thresholds and length of the logs…</source>
        <translation>로그의 임계값과 길이…</translation>
    </message>
</context>
<context>
    <name>slotscope::SlowlogPlot</name>
    <message>
        <source>Entries by duration or size over time</source>
        <translation>시간에 따른 엔트리 소요 시간</translation>
    </message>
    <message>
        <source>%1 µs</source>
        <translation>%1 µs</translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1 ms</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1초</translation>
    </message>
</context>
<context>
    <name>slotscope::SlowlogReader</name>
    <message>
        <source>this node is not known</source>
        <translation>그런 노드를 알지 못합니다</translation>
    </message>
</context>
<context>
    <name>slotscope::SourcesDialog</name>
    <message>
        <source>%1 answers like Prometheus</source>
        <translation>%1이(가) Prometheus로 응답합니다</translation>
    </message>
    <message>
        <source>Prometheus %1 at %2</source>
        <translation>Prometheus %1, %2</translation>
    </message>
    <message>
        <source>none of the %1 nodes found: it may scrape another cluster, or no redis_exporter</source>
        <translation>노드 %1개 중 찾은 것이 없습니다. 다른 클러스터를 읽고 있거나 redis_exporter가 없을 수 있습니다</translation>
    </message>
    <message>
        <source>%1 of %2 nodes found</source>
        <translation>노드 %2개 중 %1개 찾음</translation>
    </message>
    <message>
        <source>scrapes them every %1</source>
        <translation>%1마다 읽음</translation>
    </message>
    <message>
        <source>Save the recorded data to a file on this computer</source>
        <translation>기록한 데이터를 이 컴퓨터의 파일에 저장</translation>
    </message>
    <message>
        <source>User</source>
        <translation>사용자</translation>
    </message>
    <message>
        <source>CA file</source>
        <translation>CA 파일</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>선택…</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>테스트</translation>
    </message>
    <message>
        <source>Source of older values</source>
        <translation>이전 수치의 출처</translation>
    </message>
    <message>
        <source>http://prometheus:9090 · empty: only what Slotscope records</source>
        <translation>http://prometheus:9090 · 비우면 Slotscope의 기록만</translation>
    </message>
    <message>
        <source>none</source>
        <translation>없음</translation>
    </message>
    <message>
        <source>user name and password</source>
        <translation>사용자와 비밀번호</translation>
    </message>
    <message>
        <source>token (bearer)</source>
        <translation>토큰(bearer)</translation>
    </message>
    <message>
        <source>none: the CAs of this system</source>
        <translation>없음: 이 시스템이 신뢰하는 기관</translation>
    </message>
    <message>
        <source>After a restart, Slotscope continues with the saved data. Switching this off removes the file.</source>
        <translation>다시 시작해도 기록이 이어집니다. 끄면 파일을 삭제합니다.</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>닫기</translation>
    </message>
    <message>
        <source>Prometheus</source>
        <translation>Prometheus</translation>
    </message>
    <message>
        <source>Login</source>
        <translation>로그인</translation>
    </message>
    <message>
        <source>Address of Prometheus</source>
        <translation>Prometheus 주소</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>토큰</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>비밀번호</translation>
    </message>
    <message>
        <source>Use none</source>
        <translation>사용 안 함</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>사용</translation>
    </message>
    <message>
        <source>Values before Slotscope&apos;s own record are read from the redis_exporter series there.</source>
        <translation>Slotscope 자체 기록 이전의 수치는 그곳의 redis_exporter 시계열에서 읽습니다.</translation>
    </message>
    <message>
        <source>The token is kept until Slotscope ends and never saved.</source>
        <translation>토큰은 Slotscope가 끝날 때까지만 유지되며 저장되지 않습니다.</translation>
    </message>
    <message>
        <source>The password is kept until Slotscope ends and never saved.</source>
        <translation>비밀번호는 Slotscope가 끝날 때까지만 유지되며 저장되지 않습니다.</translation>
    </message>
    <message>
        <source>With http it is sent unencrypted; use https to protect it.</source>
        <translation>http에서는 네트워크에 그대로 노출됩니다. https를 사용하면 보호됩니다.</translation>
    </message>
    <message>
        <source>Testing…</source>
        <translation>테스트 중…</translation>
    </message>
    <message>
        <source>Certificates (*.pem *.crt *.cer);;All files (*)</source>
        <translation>인증서 (*.pem *.crt *.cer);;모든 파일 (*)</translation>
    </message>
    <message>
        <source>Nothing is saved. If this is switched on, one day of per-minute data is saved to a file in %1.</source>
        <translation>보관하지 않습니다. 켜 두면 하루치 분 단위 기록이 %1의 파일에 저장됩니다.</translation>
    </message>
</context>
<context>
    <name>slotscope::SpectrumLegend</name>
    <message>
        <source>1 ping</source>
        <translation>PING 1회</translation>
    </message>
    <message>
        <source>Colour legend</source>
        <translation>색의 뜻</translation>
    </message>
</context>
<context>
    <name>slotscope::SpectrumPlot</name>
    <message>
        <source>Spectrum of round-trip times</source>
        <translation>왕복 시간 스펙트럼</translation>
    </message>
    <message>
        <source>%1 in %2</source>
        <translation>%2에 %1회</translation>
    </message>
    <message>
        <source>%1 to %2</source>
        <translation>%1 → %2</translation>
    </message>
    <message>
        <source>1 ping</source>
        <translation>PING 1회</translation>
    </message>
    <message>
        <source>%1 pings</source>
        <translation>PING %1회</translation>
    </message>
    <message>
        <source> up to %1</source>
        <translation> 최대 %1</translation>
    </message>
    <message>
        <source>1 took %1</source>
        <translation>1회는 %1 걸림</translation>
    </message>
    <message>
        <source>%1 took up to %2</source>
        <translation>%1회는 최대 %2 걸림</translation>
    </message>
    <message>
        <source>1 lost</source>
        <translation>1회 유실</translation>
    </message>
    <message>
        <source>%1 lost</source>
        <translation>%1회 유실</translation>
    </message>
    <message>
        <source>no values</source>
        <translation>값 없음</translation>
    </message>
    <message>
        <source>1 s</source>
        <translation>1 s</translation>
    </message>
    <message>
        <source>100 ms</source>
        <translation>100 ms</translation>
    </message>
    <message>
        <source>10 ms</source>
        <translation>10 ms</translation>
    </message>
    <message>
        <source>1 ms</source>
        <translation>1 ms</translation>
    </message>
    <message>
        <source>0.1 ms</source>
        <translation>0.1 ms</translation>
    </message>
    <message>
        <source>10 µs</source>
        <translation>10 µs</translation>
    </message>
</context>
<context>
    <name>slotscope::SpokenView</name>
    <message>
        <source>Scrollable area</source>
        <translation>스크롤되는 부분</translation>
    </message>
    <message>
        <source>Clear the field</source>
        <translation>입력란 지우기</translation>
    </message>
</context>
<context>
    <name>slotscope::SshBox</name>
    <message>
        <source>Through SS&amp;H: one server that reaches every node; jump hosts before it</source>
        <translation>SS&amp;H 경유: 모든 노드에 접근하는 서버 하나, 그 앞에 점프 호스트</translation>
    </message>
    <message>
        <source>not used; [user@]host[:port], or a name from ~/.ssh/config</source>
        <translation>사용 안 함; [user@]host[:port] 또는 ~/.ssh/config의 이름</translation>
    </message>
    <message>
        <source>Through SSH</source>
        <translation>SSH 경유</translation>
    </message>
    <message>
        <source>The program ssh was not found: install the OpenSSH client (openssh-client).</source>
        <translation>ssh 프로그램을 찾을 수 없습니다. OpenSSH 클라이언트(openssh-client)를 설치하세요.</translation>
    </message>
    <message>
        <source>ssh will log in to %1</source>
        <translation>ssh가 %1에 로그인합니다</translation>
    </message>
    <message>
        <source> through %1</source>
        <translation> %1 경유</translation>
    </message>
    <message>
        <source>, key %1</source>
        <translation>, 키 %1</translation>
    </message>
</context>
<context>
    <name>slotscope::SshLog</name>
    <message>
        <source>the host key of %1 has changed: it is %2 now; %3 is recorded in %4, line %5. This may be an attack. If you know that the change is correct: ssh-keygen -f &apos;%6&apos; -R &apos;%7&apos;</source>
        <translation>%1의 호스트 키가 변경되었습니다. 지금은 %2이고, %4의 %5번째 줄에는 %3이 있습니다. 누군가 중간에 있을 수 있습니다. 올바른 변경임을 알고 있다면: ssh-keygen -f &apos;%6&apos; -R &apos;%7&apos;</translation>
    </message>
    <message>
        <source>another one</source>
        <translation>다른 키</translation>
    </message>
    <message>
        <source>the host key of the server is not known, and there was nobody to ask: %1; log in once with ssh in a terminal to accept it</source>
        <translation>서버의 호스트 키를 알 수 없고 물어볼 사람이 없었습니다: %1; 터미널에서 ssh로 한 번 로그인해 수락하세요</translation>
    </message>
    <message>
        <source>the host key of the server was not accepted; if it is not known yet, log in once with ssh in a terminal</source>
        <translation>서버의 호스트 키가 수락되지 않았습니다. 아직 알 수 없는 키라면 터미널에서 ssh로 한 번 로그인하세요</translation>
    </message>
    <message>
        <source>the login was refused: %1; the brackets list the methods that the server accepts. Check the user and the key (ssh-add -l)</source>
        <translation>로그인이 거부되었습니다: %1; 괄호 안은 서버가 받는 방법입니다. 사용자와 키를 확인하세요 (ssh-add -l)</translation>
    </message>
    <message>
        <source>ssh has ended (exit code %1)</source>
        <translation>ssh가 종료되었습니다 (종료 코드 %1)</translation>
    </message>
    <message>
        <source>ssh has ended (exit code %1): %2</source>
        <translation>ssh가 종료되었습니다 (종료 코드 %1): %2</translation>
    </message>
</context>
<context>
    <name>slotscope::SshQuestionDialog</name>
    <message>
        <source>Unknown SSH server</source>
        <translation>알 수 없는 SSH 서버</translation>
    </message>
    <message>
        <source>SSH asks</source>
        <translation>SSH의 질문</translation>
    </message>
    <message>
        <source>SSH through %1</source>
        <translation>SSH %1 경유</translation>
    </message>
    <message>
        <source>Compare the fingerprint with the one from the server&apos;s owner. If it differs, this may be an attack. If you accept it, it is stored in known_hosts.</source>
        <translation>서버 소유자가 알려 준 지문과 비교하세요. 다르면 누군가 중간에 있을 수 있습니다. 수락하면 known_hosts에 보관됩니다.</translation>
    </message>
    <message>
        <source>&amp;Accept this key</source>
        <translation>이 키 수락(&amp;A)</translation>
    </message>
</context>
<context>
    <name>slotscope::SshTunnel</name>
    <message>
        <source>the program ssh was not found: install the OpenSSH client (openssh-client)</source>
        <translation>ssh 프로그램을 찾을 수 없습니다: OpenSSH 클라이언트(openssh-client)를 설치하세요</translation>
    </message>
    <message>
        <source>the program ssh could not be started: %1</source>
        <translation>ssh 프로그램을 시작할 수 없습니다: %1</translation>
    </message>
    <message>
        <source>ssh found no free port on this computer</source>
        <translation>이 컴퓨터에서 ssh가 사용할 빈 포트를 찾지 못했습니다</translation>
    </message>
    <message>
        <source>the question of ssh was not answered</source>
        <translation>ssh의 질문에 답하지 않았습니다</translation>
    </message>
</context>
<context>
    <name>slotscope::StartPage</name>
    <message>
        <source>Unfinished operations</source>
        <translation>끝나지 않은 작업</translation>
    </message>
    <message>
        <source>Recent connections</source>
        <translation>최근 연결</translation>
    </message>
    <message>
        <source>View a cluster</source>
        <translation>클러스터 들여다보기</translation>
    </message>
    <message>
        <source>Connect to a Redis or Valkey cluster through any of its nodes, or start a small cluster on this computer to experiment with.</source>
        <translation>노드 하나만 알면 Redis 또는 Valkey 클러스터에 연결할 수 있습니다. 이 컴퓨터에서 작은 클러스터를 시작해 시험해 볼 수도 있습니다.</translation>
    </message>
    <message>
        <source>Connect…</source>
        <translation>연결…</translation>
    </message>
    <message>
        <source>Start the demo cluster</source>
        <translation>데모 클러스터 시작</translation>
    </message>
    <message>
        <source>Create a cluster…</source>
        <translation>클러스터 만들기…</translation>
    </message>
    <message>
        <source>Import…</source>
        <translation>가져오기…</translation>
    </message>
    <message>
        <source>Connections of another tool</source>
        <translation>다른 도구의 연결</translation>
    </message>
</context>
<context>
    <name>slotscope::StatusLine</name>
    <message>
        <source>Status</source>
        <translation>상태 표시줄</translation>
    </message>
    <message>
        <source> of 1 node up</source>
        <translation> / 1개 노드 정상</translation>
    </message>
    <message>
        <source> of %1 nodes up</source>
        <translation> / %1개 노드 정상</translation>
    </message>
    <message>
        <source>Slots </source>
        <translation>슬롯 </translation>
    </message>
    <message>
        <source> / %1 covered</source>
        <translation> / %1 할당됨</translation>
    </message>
    <message>
        <source> not served</source>
        <translation> 서비스 안 됨</translation>
    </message>
    <message>
        <source> ops/s</source>
        <translation> ops/s</translation>
    </message>
    <message>
        <source>Memory </source>
        <translation>메모리 </translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1 ms</translation>
    </message>
    <message>
        <source>Data from %1 ago</source>
        <translation>%1 전 정보</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1초</translation>
    </message>
    <message>
        <source>No node answers</source>
        <translation>응답하는 노드가 없습니다</translation>
    </message>
    <message>
        <source>%1 nodes, as of the last reply</source>
        <translation>노드 %1개, 마지막으로 들은 상태</translation>
    </message>
    <message>
        <source>Last reply %1 ago</source>
        <translation>%1 전에 마지막으로 들음</translation>
    </message>
    <message>
        <source>Reply time </source>
        <translation>응답 시간 </translation>
    </message>
</context>
<context>
    <name>slotscope::StepList</name>
    <message>
        <source>Step %1 of %2: %3</source>
        <translation>%2단계 중 %1단계: %3</translation>
    </message>
</context>
<context>
    <name>slotscope::StepTree</name>
    <message>
        <source>Steps</source>
        <translation>단계</translation>
    </message>
    <message>
        <source>… slot by slot, %1 commands in total</source>
        <translation>… 슬롯마다, 모두 명령 %1개</translation>
    </message>
    <message>
        <source>… slot by slot, and repeated while a slot has keys</source>
        <translation>… 슬롯마다, 슬롯에 키가 있는 동안 반복</translation>
    </message>
</context>
<context>
    <name>slotscope::StreamGroups</name>
    <message>
        <source>Consumers</source>
        <translation>컨슈머</translation>
    </message>
    <message>
        <source>Pending</source>
        <translation>대기 중</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>이름</translation>
    </message>
    <message>
        <source>Lag</source>
        <translation>지연</translation>
    </message>
    <message>
        <source>Seen</source>
        <translation>마지막 요청</translation>
    </message>
    <message>
        <source>Active</source>
        <translation>마지막 수신</translation>
    </message>
    <message>
        <source>Id</source>
        <translation>ID</translation>
    </message>
    <message>
        <source>Idle</source>
        <translation>유휴</translation>
    </message>
    <message>
        <source>Delivered</source>
        <translation>전달 횟수</translation>
    </message>
    <message>
        <source>New group…</source>
        <translation>새 그룹…</translation>
    </message>
    <message>
        <source>Claim for…</source>
        <translation>소유권 이전…</translation>
    </message>
    <message>
        <source>Acknowledge</source>
        <translation>확인 처리</translation>
    </message>
    <message>
        <source>Groups</source>
        <translation>그룹</translation>
    </message>
    <message>
        <source>Pending entries</source>
        <translation>대기 중인 엔트리</translation>
    </message>
    <message>
        <source>Delete the consumer…</source>
        <translation>컨슈머 삭제…</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>알 수 없음</translation>
    </message>
    <message>
        <source>Consumers of %1</source>
        <translation>%1의 컨슈머</translation>
    </message>
    <message>
        <source>Pending of %1</source>
        <translation>%1의 대기 엔트리</translation>
    </message>
    <message>
        <source>%1 ×</source>
        <translation>%1 ×</translation>
    </message>
    <message>
        <source>%1 · the first %2</source>
        <translation>%1 · 처음 %2개</translation>
    </message>
    <message>
        <source>This connection is read-only.</source>
        <translation>읽기 전용 연결입니다.</translation>
    </message>
    <message>
        <source>Select entries in the list first.</source>
        <translation>먼저 목록에서 엔트리를 선택하세요.</translation>
    </message>
    <message>
        <source>XACK: the selected entries are no longer pending</source>
        <translation>XACK: 더 이상 대기하지 않습니다</translation>
    </message>
    <message>
        <source>New group</source>
        <translation>새 그룹</translation>
    </message>
    <message>
        <source>Create</source>
        <translation>만들기</translation>
    </message>
    <message>
        <source>Starts after the entry ($: only entries added from now on, 0: all)</source>
        <translation>시작할 엔트리($: 이후 추가되는 것부터, 0: 모두)</translation>
    </message>
    <message>
        <source>Set the last delivered id…</source>
        <translation>마지막 전달 ID 설정…</translation>
    </message>
    <message>
        <source>Last delivered id</source>
        <translation>마지막 전달 ID</translation>
    </message>
    <message>
        <source>Set</source>
        <translation>설정</translation>
    </message>
    <message>
        <source>Id ($: the newest, 0: deliver all again)</source>
        <translation>ID($: 최신, 0: 모두 다시 전달)</translation>
    </message>
    <message>
        <source>Delete the group…</source>
        <translation>그룹 삭제…</translation>
    </message>
    <message>
        <source>Delete the group</source>
        <translation>그룹 삭제</translation>
    </message>
    <message>
        <source>Delete the group “%1”?</source>
        <translation>그룹 “%1”을(를) 삭제할까요?</translation>
    </message>
    <message>
        <source>Its consumers&apos; pending entries are forgotten; the entries themselves stay.</source>
        <translation>컨슈머가 확인 처리하지 않은 기록은 사라지고 엔트리는 남습니다.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>삭제</translation>
    </message>
    <message>
        <source>Delete the consumer</source>
        <translation>컨슈머 삭제</translation>
    </message>
    <message>
        <source>Delete the consumer “%1”?</source>
        <translation>컨슈머 “%1”을(를) 삭제할까요?</translation>
    </message>
    <message>
        <source>Its pending entries are forgotten: first claim them for another consumer.</source>
        <translation>대기 중인 엔트리의 기록이 사라집니다. 먼저 다른 컨슈머로 소유권을 이전하세요.</translation>
    </message>
    <message>
        <source>Claim for another consumer</source>
        <translation>다른 컨슈머로 소유권 이전</translation>
    </message>
    <message>
        <source>Claim</source>
        <translation>이전</translation>
    </message>
    <message>
        <source>Consumer</source>
        <translation>컨슈머</translation>
    </message>
    <message>
        <source>Name a consumer; a new one is created.</source>
        <translation>컨슈머 이름을 입력하세요. 새 이름이면 만들어집니다.</translation>
    </message>
</context>
<context>
    <name>slotscope::StringActs</name>
    <message>
        <source>%1 has %2; a string may have at most %3</source>
        <translation>%1의 크기는 %2입니다. 문자열은 최대 %3까지 가능합니다</translation>
    </message>
    <message>
        <source>Append…</source>
        <translation>덧붙이기…</translation>
    </message>
    <message>
        <source>Increment…</source>
        <translation>증가…</translation>
    </message>
    <message>
        <source>Replace with a file…</source>
        <translation>파일로 바꾸기…</translation>
    </message>
    <message>
        <source>Save to a file…</source>
        <translation>파일로 저장…</translation>
    </message>
    <message>
        <source>Append to the value</source>
        <translation>값에 덧붙이기</translation>
    </message>
    <message>
        <source>Append</source>
        <translation>덧붙이기</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>텍스트</translation>
    </message>
    <message>
        <source>The server adds it at the end of what the value is by then (APPEND).</source>
        <translation>서버가 그 시점의 값 끝에 덧붙입니다(APPEND).</translation>
    </message>
    <message>
        <source>There is nothing to append.</source>
        <translation>덧붙일 내용이 없습니다.</translation>
    </message>
    <message>
        <source>Increment</source>
        <translation>증가</translation>
    </message>
    <message>
        <source>Add to the value</source>
        <translation>값에 더하기</translation>
    </message>
    <message>
        <source>By (negative: decrement)</source>
        <translation>더할 값(음수: 감소)</translation>
    </message>
    <message>
        <source>The server adds it to what the value is by then (INCRBY, or INCRBYFLOAT for a fraction).</source>
        <translation>서버가 그 시점의 값에 더합니다(INCRBY, 소수는 INCRBYFLOAT).</translation>
    </message>
    <message>
        <source>This is not a number.</source>
        <translation>숫자가 아닙니다.</translation>
    </message>
    <message>
        <source>Replace with a file</source>
        <translation>파일로 바꾸기</translation>
    </message>
    <message>
        <source>Save to a file</source>
        <translation>파일로 저장</translation>
    </message>
    <message>
        <source>%1 bytes were written to %2.</source>
        <translation>%1바이트를 %2에 저장했습니다.</translation>
    </message>
    <message>
        <source>Replace the value (%1) with %2 (%3)? Its time to live stays.</source>
        <translation>값(%1)을 %2(%3)(으)로 바꾸시겠습니까? TTL은 유지됩니다.</translation>
    </message>
    <message>
        <source>Keep the value</source>
        <translation>값 유지</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>바꾸기</translation>
    </message>
</context>
<context>
    <name>slotscope::StringEditor</name>
    <message>
        <source>Structure</source>
        <translation>구조</translation>
    </message>
    <message>
        <source>Show raw</source>
        <translation>원본 보기</translation>
    </message>
    <message>
        <source>Changed on the server since you started editing.</source>
        <translation>편집을 시작한 뒤 서버에서 변경되었습니다.</translation>
    </message>
    <message>
        <source>Use theirs</source>
        <translation>서버 값 사용</translation>
    </message>
    <message>
        <source>Show both…</source>
        <translation>둘 다 보기…</translation>
    </message>
    <message>
        <source>Line %1, column %2: %3</source>
        <translation>%1번째 줄, %2번째 열: %3</translation>
    </message>
    <message>
        <source>At byte %1: %2</source>
        <translation>%1번째 바이트: %2</translation>
    </message>
    <message>
        <source>Only a part is shown: a limit on size, depth or time was reached.</source>
        <translation>표시된 것보다 내용이 더 있습니다. 크기, 깊이 또는 시간 한도에 도달했습니다.</translation>
    </message>
    <message>
        <source>nothing was changed</source>
        <translation>변경된 것 없음</translation>
    </message>
    <message>
        <source>%1 B</source>
        <translation>%1 B</translation>
    </message>
    <message>
        <source>saves as %1 B ✓ reads back as written</source>
        <translation>%1 B로 저장 ✓ 쓴 그대로 다시 읽힘</translation>
    </message>
    <message>
        <source>…</source>
        <translation>…</translation>
    </message>
    <message>
        <source>changed</source>
        <translation>변경됨</translation>
    </message>
    <message>
        <source>Your value and the server&apos;s</source>
        <translation>내 값과 서버의 값</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>값</translation>
    </message>
    <message>
        <source>saves as %1 B</source>
        <translation>%1 B로 저장</translation>
    </message>
    <message numerus="yes">
        <source>%n part(s) overwritten with SETRANGE</source>
        <translation>
            <numerusform>%n개 부분을 SETRANGE로 덮어씀</numerusform>
        </translation>
    </message>
    <message>
        <source>byte %1 (0x%2)</source>
        <translation>바이트 %1 (0x%2)</translation>
    </message>
    <message>
        <source>The first %1 of %2, read-only; Hex shows and edits all of it.</source>
        <translation>%2 중 처음 %1, 읽기 전용. Hex에서 전체를 보고 편집할 수 있습니다.</translation>
    </message>
    <message>
        <source>It contains line ends or characters that an editor would change, so it cannot be edited here. Hex shows and edits them.</source>
        <translation>편집기가 바꿀 수 있는 줄 끝이나 문자가 있어 여기서는 편집할 수 없습니다. Hex에서 보고 편집할 수 있습니다.</translation>
    </message>
    <message>
        <source>Bytes were changed in Hex: save or revert them before you edit the text.</source>
        <translation>Hex에서 바이트를 바꿨습니다. 텍스트를 편집하기 전에 저장하거나 되돌리십시오.</translation>
    </message>
    <message>
        <source>The value has %1 on the server now. Your changes are kept here; saving compares first.</source>
        <translation>서버의 값은 이제 %1입니다. 변경 내용은 여기에 유지되며, 저장할 때 먼저 비교합니다.</translation>
    </message>
    <message numerus="yes">
        <source>%n character(s) of it are invisible, such as NUL; Hex shows them.</source>
        <translation>
            <numerusform>NUL처럼 보이지 않는 문자가 %n개 있습니다. Hex에서 볼 수 있습니다.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>slotscope::SubscriptionLine</name>
    <message>
        <source>nothing arrived for %1 s, not even a reply to PING</source>
        <translation>%1초 동안 PING 응답을 포함해 아무것도 오지 않았습니다</translation>
    </message>
</context>
<context>
    <name>slotscope::Subscriptions</name>
    <message>
        <source>enter a channel or pattern</source>
        <translation>채널이나 패턴이 필요합니다</translation>
    </message>
    <message>
        <source>there are already %1 subscriptions</source>
        <translation>이미 구독이 %1개 있습니다</translation>
    </message>
    <message>
        <source>this subscription already exists</source>
        <translation>이미 있는 구독입니다</translation>
    </message>
    <message>
        <source>slot %1 of the channel moved to another node</source>
        <translation>채널의 슬롯 %1이(가) 다른 노드로 옮겨졌습니다</translation>
    </message>
</context>
<context>
    <name>slotscope::TableView</name>
    <message>
        <source>Copy as text</source>
        <translation>텍스트로 복사</translation>
    </message>
    <message>
        <source>Copy as CSV</source>
        <translation>CSV로 복사</translation>
    </message>
    <message>
        <source>Copy as JSON</source>
        <translation>JSON으로 복사</translation>
    </message>
</context>
<context>
    <name>slotscope::TestResults</name>
    <message>
        <source>DNS</source>
        <translation>DNS</translation>
    </message>
    <message>
        <source>refused</source>
        <translation>거부됨</translation>
    </message>
    <message>
        <source>timeout</source>
        <translation>시간 초과</translation>
    </message>
    <message>
        <source>unreachable</source>
        <translation>접근 불가</translation>
    </message>
    <message>
        <source>not Redis</source>
        <translation>Redis 아님</translation>
    </message>
    <message>
        <source>cluster down</source>
        <translation>클러스터 다운</translation>
    </message>
    <message>
        <source>no cluster</source>
        <translation>클러스터 아님</translation>
    </message>
    <message>
        <source>loading</source>
        <translation>로드 중</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>실패</translation>
    </message>
    <message>
        <source>Result of the test</source>
        <translation>테스트 결과</translation>
    </message>
    <message>
        <source>testing…</source>
        <translation>테스트 중…</translation>
    </message>
    <message>
        <source>✓ ok</source>
        <translation>✓ 정상</translation>
    </message>
    <message>
        <source>Open “%1” through this Sentinel</source>
        <translation>이 Sentinel을 거쳐 “%1” 열기</translation>
    </message>
</context>
<context>
    <name>slotscope::Threshold</name>
    <message>
        <source>%1 below %2</source>
        <translation>%1 %2 미만</translation>
    </message>
    <message>
        <source>%1 above %2</source>
        <translation>%1 %2 초과</translation>
    </message>
    <message>
        <source>%1 for %2</source>
        <translation>%1, %2 동안</translation>
    </message>
</context>
<context>
    <name>slotscope::ThresholdCard</name>
    <message>
        <source>Edit on all…</source>
        <translation>모두 편집…</translation>
    </message>
    <message>
        <source>Thresholds</source>
        <translation>임계값</translation>
    </message>
    <message>
        <source>A full log drops its oldest entry on the server; entries already read stay here, at most 20,000.</source>
        <translation>로그가 가득 차면 서버는 가장 오래된 엔트리를 버립니다. 읽은 엔트리는 여기에 최대 20,000개까지 보관합니다.</translation>
    </message>
    <message>
        <source>Edit on this node…</source>
        <translation>이 노드에서 편집…</translation>
    </message>
    <message>
        <source>Reset the log of this node…</source>
        <translation>이 노드의 로그 초기화…</translation>
    </message>
    <message>
        <source>Show in Topology</source>
        <translation>토폴로지에서 보기</translation>
    </message>
    <message>
        <source>This connection is read-only.</source>
        <translation>읽기 전용 연결입니다.</translation>
    </message>
</context>
<context>
    <name>slotscope::ThresholdChange</name>
    <message>
        <source>%1: sum</source>
        <translation>%1: 합계</translation>
    </message>
</context>
<context>
    <name>slotscope::ThresholdDialog</name>
    <message>
        <source>off</source>
        <translation>꺼짐</translation>
    </message>
    <message>
        <source>Thresholds of the log</source>
        <translation>로그 임계값</translation>
    </message>
    <message>
        <source>On</source>
        <translation>적용 대상</translation>
    </message>
    <message>
        <source>Log entries above</source>
        <translation>기록할 명령의 최소값</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>보관</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>닫기</translation>
    </message>
    <message>
        <source>Log durations over</source>
        <translation>이 시간을 넘으면 기록</translation>
    </message>
    <message>
        <source>Log sizes over</source>
        <translation>이 크기를 넘으면 기록</translation>
    </message>
    <message>
        <source>Keep entries</source>
        <translation>보관할 엔트리 수</translation>
    </message>
    <message>
        <source>this node</source>
        <translation>이 노드</translation>
    </message>
    <message>
        <source>all %1 nodes</source>
        <translation>모든 노드 %1개</translation>
    </message>
    <message>
        <source>Set on 1 node</source>
        <translation>노드 1개에 설정</translation>
    </message>
    <message>
        <source>Set on %1 nodes</source>
        <translation>노드 %1개에 설정</translation>
    </message>
    <message>
        <source>A time such as 10 ms, 500 us or 1.5 s; 0 logs everything; off disables it.</source>
        <translation>10 ms, 500 us, 1.5 s와 같은 시간; 0은 모두 기록; off는 끔.</translation>
    </message>
    <message>
        <source>A size such as 64 KB or 1 MB; 0 logs everything; off disables it.</source>
        <translation>64 KB, 1 MB와 같은 크기; 0은 모두 기록; off는 끔.</translation>
    </message>
    <message>
        <source>CONFIG SET %1 %2. It is lost when the server restarts, unless CONFIG REWRITE saves it.</source>
        <translation>CONFIG SET %1 %2. CONFIG REWRITE로 저장하지 않으면 서버를 다시 시작할 때까지만 유지됩니다.</translation>
    </message>
</context>
<context>
    <name>slotscope::ThresholdFeed</name>
    <message>
        <source>%1, now %2</source>
        <translation>%1, 현재 %2</translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>외 %n개</numerusform>
        </translation>
    </message>
    <message>
        <source>%1, as last known</source>
        <translation>%1, 마지막 확인 시</translation>
    </message>
</context>
<context>
    <name>slotscope::ThresholdModel</name>
    <message>
        <source>Node</source>
        <translation>노드</translation>
    </message>
    <message>
        <source>Over</source>
        <translation>초과</translation>
    </message>
    <message>
        <source>Kept</source>
        <translation>보관</translation>
    </message>
    <message>
        <source>refused</source>
        <translation>거부됨</translation>
    </message>
    <message>
        <source>no answer</source>
        <translation>응답 없음</translation>
    </message>
    <message>
        <source>full · %1</source>
        <translation>가득 참 · %1</translation>
    </message>
</context>
<context>
    <name>slotscope::ThresholdWatcher</name>
    <message numerus="yes">
        <source>%1: %n node(s)</source>
        <translation>
            <numerusform>%1: 노드 %n개</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>slotscope::ThresholdsDialog</name>
    <message>
        <source>this node does not exist</source>
        <translation>그런 노드가 없습니다</translation>
    </message>
    <message>
        <source>▲ exceeded</source>
        <translation>▲ 초과</translation>
    </message>
    <message>
        <source>▲ exceeded: %1</source>
        <translation>▲ 초과: %1</translation>
    </message>
    <message>
        <source>▲ exceeded: %1 and %2 more</source>
        <translation>▲ 초과: %1 외 %2개</translation>
    </message>
    <message>
        <source>not known</source>
        <translation>알 수 없음</translation>
    </message>
    <message>
        <source> · %1 of %2 known</source>
        <translation> · %2개 중 %1개 확인</translation>
    </message>
    <message>
        <source>exceeded, not for %1 yet</source>
        <translation>넘었으나 아직 %1 지나지 않음</translation>
    </message>
    <message>
        <source>ok</source>
        <translation>정상</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>추가</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>변경</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>제거</translation>
    </message>
    <message>
        <source>Thresholds</source>
        <translation>임계값</translation>
    </message>
    <message>
        <source>above</source>
        <translation>초과</translation>
    </message>
    <message>
        <source>below</source>
        <translation>미만</translation>
    </message>
    <message>
        <source>each node</source>
        <translation>각 노드</translation>
    </message>
    <message>
        <source>each primary</source>
        <translation>각 프라이머리</translation>
    </message>
    <message>
        <source>the sum</source>
        <translation>합계</translation>
    </message>
    <message>
        <source>100mb</source>
        <translation>100mb</translation>
    </message>
    <message>
        <source>Metric</source>
        <translation>수치</translation>
    </message>
    <message>
        <source>Above or below</source>
        <translation>초과 또는 미만</translation>
    </message>
    <message>
        <source>Limit</source>
        <translation>한도</translation>
    </message>
    <message>
        <source>For how long</source>
        <translation>지속 시간</translation>
    </message>
    <message>
        <source>Applies to</source>
        <translation>대상</translation>
    </message>
    <message>
        <source>Of</source>
        <translation>대상</translation>
    </message>
    <message>
        <source>State</source>
        <translation>상태</translation>
    </message>
    <message>
        <source>Closest now</source>
        <translation>가장 가까운 현재 값</translation>
    </message>
    <message>
        <source>Limits are checked only while Slotscope is open. Exceeded limits are shown on the time axis, on the tab of the connection and at the node, %1.</source>
        <translation>Slotscope가 열려 있는 동안에만 감시합니다. 한도를 넘으면 시간 축, 연결 탭, 해당 노드에 표시됩니다(%1).</translation>
    </message>
    <message>
        <source>and the desktop shows a notification</source>
        <translation>바탕 화면 알림도 표시됩니다</translation>
    </message>
    <message>
        <source>and in a notice in this window: the desktop has no tray that shows notifications</source>
        <translation>이 창에도 알림이 표시됩니다. 바탕 화면에 알림을 표시할 트레이가 없습니다</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>닫기</translation>
    </message>
    <message>
        <source>of</source>
        <translation>대상</translation>
    </message>
    <message>
        <source>for</source>
        <translation>지속</translation>
    </message>
    <message>
        <source>not checked yet</source>
        <translation>아직 확인하지 않음</translation>
    </message>
    <message>
        <source>The limit must be a number such as 100mb, 1.5gb, 20k or 90.</source>
        <translation>한도는 100mb, 1.5gb, 20k, 90과 같은 숫자입니다.</translation>
    </message>
    <message>
        <source>The time must be like 5s, 500ms or 2min, at most a day.</source>
        <translation>시간은 5s, 500ms, 2min과 같이 입력하며 최대 하루입니다.</translation>
    </message>
    <message>
        <source>At most %1 limits can be set.</source>
        <translation>한도는 %1개까지 둘 수 있습니다.</translation>
    </message>
    <message>
        <source>▲ exceeded, as last known</source>
        <translation>▲ 마지막 확인 시 초과</translation>
    </message>
    <message>
        <source>%1 per second</source>
        <translation>초당 %1</translation>
    </message>
    <message>
        <source>not known: %1</source>
        <translation>알 수 없음: %1</translation>
    </message>
</context>
<context>
    <name>slotscope::TimeLane</name>
    <message>
        <source>Events over time</source>
        <translation>시간별 이벤트</translation>
    </message>
    <message>
        <source>Not recorded yet</source>
        <translation>아직 기록되지 않음</translation>
    </message>
    <message>
        <source>Prometheus: %1</source>
        <translation>Prometheus: %1</translation>
    </message>
    <message>
        <source>Live</source>
        <translation>실시간</translation>
    </message>
</context>
<context>
    <name>slotscope::TlsBox</name>
    <message>
        <source>Encrypt with &amp;TLS: the certificate of every server is verified, including its name</source>
        <translation>TLS로 암호화(&amp;T): 모든 서버의 인증서와 이름을 확인합니다</translation>
    </message>
    <message>
        <source>Trust</source>
        <translation>신뢰 대상</translation>
    </message>
    <message>
        <source>the CAs of this computer</source>
        <translation>이 컴퓨터의 인증 기관</translation>
    </message>
    <message>
        <source>Server name</source>
        <translation>서버 이름</translation>
    </message>
    <message>
        <source>the host name of the server</source>
        <translation>연결하는 호스트</translation>
    </message>
    <message>
        <source>Client certificate</source>
        <translation>클라이언트 인증서</translation>
    </message>
    <message>
        <source>none</source>
        <translation>없음</translation>
    </message>
    <message>
        <source>Its key</source>
        <translation>인증서의 키</translation>
    </message>
    <message>
        <source>Key&apos;s passphrase</source>
        <translation>키의 암호</translation>
    </message>
    <message>
        <source>Revoked (CRL)</source>
        <translation>폐기 목록(CRL)</translation>
    </message>
    <message>
        <source>not measured</source>
        <translation>확인 안 함</translation>
    </message>
    <message>
        <source>Pinned SHA-256</source>
        <translation>고정할 SHA-256</translation>
    </message>
    <message>
        <source>none: any trusted certificate</source>
        <translation>없음: 신뢰하는 모든 인증서</translation>
    </message>
    <message>
        <source>TLS 1.3 at least</source>
        <translation>TLS 1.3 이상</translation>
    </message>
    <message>
        <source>Accept any certificate (an attacker in between can read everything)</source>
        <translation>모든 인증서 허용(중간에서 누구든 내용을 볼 수 있음)</translation>
    </message>
    <message>
        <source>Choose a PEM file</source>
        <translation>PEM 파일 선택</translation>
    </message>
    <message>
        <source>Choose the file of “%1”</source>
        <translation>“%1” 파일 선택</translation>
    </message>
    <message>
        <source>PEM files (*.pem *.crt *.cer *.key *.crl);;All files (*)</source>
        <translation>PEM 파일 (*.pem *.crt *.cer *.key *.crl);;모든 파일 (*)</translation>
    </message>
    <message>
        <source>The fingerprint is not a SHA-256: it needs 64 hexadecimal digits, with or without colons.</source>
        <translation>지문이 SHA-256이 아닙니다. 16진수 64자리이며 콜론은 있어도 없어도 됩니다.</translation>
    </message>
    <message>
        <source>A client certificate needs both the certificate file and the key file.</source>
        <translation>클라이언트 인증서에는 파일과 키가 모두 필요합니다.</translation>
    </message>
</context>
<context>
    <name>slotscope::TlsMaterial</name>
    <message>
        <source>“%1” is not a known cipher; use the names that openssl ciphers lists, separated by colons</source>
        <translation>“%1”은(는) 알려진 암호화 방식이 아닙니다. openssl ciphers가 나열하는 이름을 콜론으로 구분해 쓰세요</translation>
    </message>
    <message>
        <source>the server sent no certificate</source>
        <translation>서버가 인증서를 제시하지 않았습니다</translation>
    </message>
    <message>
        <source>it is not the pinned certificate (SHA-256 %1)</source>
        <translation>고정한 인증서가 아닙니다(SHA-256 %1)</translation>
    </message>
    <message>
        <source>“%1” is not a name that a certificate could be issued for</source>
        <translation>“%1”은(는) 인증서의 대상이 될 수 있는 이름이 아닙니다</translation>
    </message>
</context>
<context>
    <name>slotscope::TlsTransport</name>
    <message>
        <source>the server on that port does not use TLS (%1)</source>
        <translation>해당 포트에서 응답하는 상대가 TLS를 사용하지 않습니다(%1)</translation>
    </message>
    <message>
        <source>the connection was closed before the TLS handshake finished: is this the TLS port, and has the server reached its maxclients limit?</source>
        <translation>TLS 핸드셰이크가 끝나기 전에 연결이 닫혔습니다. TLS 포트가 맞나요? 서버의 클라이언트 수가 maxclients 한도에 이르렀나요?</translation>
    </message>
    <message>
        <source>the server requires a client certificate: set its file and its key (cert, key)</source>
        <translation>서버가 클라이언트 인증서를 요구합니다. 파일과 키를 지정하세요(cert, key)</translation>
    </message>
    <message>
        <source>the server does not accept the client certificate in %1</source>
        <translation>서버가 %1의 클라이언트 인증서를 받아들이지 않습니다</translation>
    </message>
</context>
<context>
    <name>slotscope::TopologyPage</name>
    <message>
        <source>Topology</source>
        <translation>토폴로지</translation>
    </message>
    <message>
        <source>Shards</source>
        <translation>샤드</translation>
    </message>
    <message>
        <source>Hosts</source>
        <translation>호스트</translation>
    </message>
    <message>
        <source>Table</source>
        <translation>표</translation>
    </message>
    <message>
        <source>Show as</source>
        <translation>보기 방식</translation>
    </message>
    <message>
        <source>Filter nodes…</source>
        <translation>노드 필터…</translation>
    </message>
    <message>
        <source>Filter nodes by address, id, state, role or shard</source>
        <translation>주소, ID, 상태, 역할, 샤드로 노드 필터링</translation>
    </message>
    <message>
        <source>Nodes</source>
        <translation>노드</translation>
    </message>
    <message>
        <source>1 shard</source>
        <translation>샤드 1개</translation>
    </message>
    <message>
        <source>%1 shards</source>
        <translation>샤드 %1개</translation>
    </message>
    <message>
        <source>1 node</source>
        <translation>노드 1개</translation>
    </message>
    <message>
        <source>%1 nodes</source>
        <translation>노드 %1개</translation>
    </message>
    <message>
        <source>reported by 1 node</source>
        <translation>관찰 노드 1개 기준</translation>
    </message>
    <message>
        <source>reported by %1 nodes, all agree</source>
        <translation>관찰 노드 %1개 기준, 모두 일치</translation>
    </message>
    <message>
        <source>reported by %1 nodes</source>
        <translation>관찰 노드 %1개 기준</translation>
    </message>
    <message>
        <source>Nothing has been read yet</source>
        <translation>아직 읽은 내용이 없습니다</translation>
    </message>
    <message>
        <source>The nodes appear as soon as the first one answers.</source>
        <translation>첫 번째 노드가 응답하면 노드가 표시됩니다.</translation>
    </message>
    <message>
        <source>No node matches</source>
        <translation>일치하는 노드가 없습니다</translation>
    </message>
    <message>
        <source>No nodes known</source>
        <translation>알려진 노드가 없습니다</translation>
    </message>
    <message>
        <source>Nothing matches “%1”. Addresses, ids, states, roles and shards are searched.</source>
        <translation>“%1”에 맞는 항목이 없습니다. 주소, ID, 상태, 역할, 샤드에서 찾습니다.</translation>
    </message>
    <message>
        <source>The server answered, but listed no node.</source>
        <translation>서버가 응답했지만 노드를 알려 주지 않았습니다.</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>상세 정보</translation>
    </message>
    <message>
        <source>Copy address</source>
        <translation>주소 복사</translation>
    </message>
    <message>
        <source>Copy node id</source>
        <translation>노드 ID 복사</translation>
    </message>
    <message>
        <source>Copy node as JSON</source>
        <translation>노드를 JSON으로 복사</translation>
    </message>
    <message>
        <source>Nodes as text…</source>
        <translation>노드를 텍스트로…</translation>
    </message>
    <message>
        <source>Nodes as CSV…</source>
        <translation>노드를 CSV로…</translation>
    </message>
    <message>
        <source>Nodes as JSON…</source>
        <translation>노드를 JSON으로…</translation>
    </message>
    <message>
        <source>Picture of the map (PNG)…</source>
        <translation>맵을 그림으로(PNG)…</translation>
    </message>
    <message>
        <source>Fail over to the selected node…</source>
        <translation>선택한 노드로 페일오버…</translation>
    </message>
    <message>
        <source>Remove the selected node…</source>
        <translation>선택한 노드 제거…</translation>
    </message>
    <message>
        <source>All</source>
        <translation>전체</translation>
    </message>
    <message>
        <source>With findings</source>
        <translation>문제 있음</translation>
    </message>
    <message>
        <source>Which shards</source>
        <translation>표시할 샤드</translation>
    </message>
    <message>
        <source>Fail over…</source>
        <translation>장애 조치…</translation>
    </message>
    <message>
        <source>Add node…</source>
        <translation>노드 추가…</translation>
    </message>
    <message>
        <source>All %1</source>
        <translation>전체 %1</translation>
    </message>
    <message>
        <source>▲ With findings %1</source>
        <translation>▲ 문제 있음 %1</translation>
    </message>
    <message>
        <source>Addresses of the nodes…</source>
        <translation>노드 주소…</translation>
    </message>
    <message>
        <source>Where it is reached…</source>
        <translation>접속 주소…</translation>
    </message>
    <message>
        <source>Try to reach it now	F5</source>
        <translation>지금 연결 시도	F5</translation>
    </message>
    <message>
        <source>Name this shard…</source>
        <translation>이 샤드에 이름 붙이기…</translation>
    </message>
    <message>
        <source>Name shard %1</source>
        <translation>샤드 %1의 이름</translation>
    </message>
    <message>
        <source>Shown next to its number, stored on this computer. Empty: only the number.</source>
        <translation>번호 옆에 표시되며 이 컴퓨터에 보관됩니다. 비우면 번호만 표시합니다.</translation>
    </message>
    <message>
        <source>Load test…</source>
        <translation>부하 테스트…</translation>
    </message>
</context>
<context>
    <name>slotscope::Tour</name>
    <message>
        <source>The folder %1 cannot be created</source>
        <translation>폴더 %1을(를) 만들 수 없습니다</translation>
    </message>
    <message>
        <source>%1: shows no data after %2 s</source>
        <translation>%1: %2초가 지나도 데이터가 표시되지 않습니다</translation>
    </message>
    <message>
        <source>%1 cannot be written</source>
        <translation>%1에 쓸 수 없습니다</translation>
    </message>
    <message>
        <source>%1 is not displayed</source>
        <translation>%1이(가) 표시되지 않습니다</translation>
    </message>
</context>
<context>
    <name>slotscope::TrayEntry</name>
    <message>
        <source>Show the window</source>
        <translation>창 표시</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>종료</translation>
    </message>
</context>
<context>
    <name>slotscope::TtlHistogram</name>
    <message>
        <source>Time to live</source>
        <translation>TTL</translation>
    </message>
    <message>
        <source>%1: %2 keys, %3</source>
        <translation>%1: 키 %2개, %3</translation>
    </message>
</context>
<context>
    <name>slotscope::TypeBadge</name>
    <message>
        <source>Type</source>
        <translation>유형</translation>
    </message>
</context>
<context>
    <name>slotscope::TypedProtobufReader</name>
    <message>
        <source>a field of %1 does not end where the message ends</source>
        <translation>%1의 필드가 메시지의 끝을 넘어갑니다</translation>
    </message>
    <message>
        <source>the end of a group is missing</source>
        <translation>그룹의 끝이 없습니다</translation>
    </message>
    <message>
        <source>The required field “%1” of %2 is missing.</source>
        <translation>%2의 필수 필드 “%1”이(가) 없습니다.</translation>
    </message>
    <message>
        <source>The field “%1” of %2 is there more than once: programs take the last one.</source>
        <translation>%2의 필드 “%1”이(가) 여러 번 있습니다. 프로그램은 마지막 것을 사용합니다.</translation>
    </message>
    <message>
        <source>Several fields of “%1” in %2 are set: programs take the last one.</source>
        <translation>%2의 “%1” 중 여러 필드가 설정되어 있습니다. 프로그램은 마지막 것을 사용합니다.</translation>
    </message>
    <message>
        <source>a field with the number %1</source>
        <translation>번호가 %1인 필드</translation>
    </message>
    <message>
        <source>a field of %1 byte(s) does not fit into the data</source>
        <translation>%1바이트 필드가 맞지 않습니다</translation>
    </message>
</context>
<context>
    <name>slotscope::TypedProtobufWriter</name>
    <message>
        <source>%1 is an object: its fields and their values</source>
        <translation>%1은(는) 필드와 값으로 이루어진 객체여야 합니다</translation>
    </message>
    <message>
        <source>%1 has no field “%2”</source>
        <translation>%1에는 필드 “%2”이(가) 없습니다</translation>
    </message>
    <message>
        <source>“%1” does not fit the field “%2”: %3</source>
        <translation>“%1”은(는) 필드 “%2”에 맞지 않습니다: %3</translation>
    </message>
    <message>
        <source>the field “%1” is a list: […]</source>
        <translation>필드 “%1”은(는) 목록입니다: […]</translation>
    </message>
    <message>
        <source>the field “%1” is a map: {&quot;$map&quot;: [[key, value], …]}</source>
        <translation>필드 “%1”은(는) 맵입니다: {&quot;$map&quot;: [[key, value], …]}</translation>
    </message>
    <message>
        <source>it takes true or false</source>
        <translation>true 또는 false를 받습니다</translation>
    </message>
    <message>
        <source>it takes an integer</source>
        <translation>정수를 받습니다</translation>
    </message>
    <message>
        <source>it takes an integer from %1 to %2</source>
        <translation>%1부터 %2까지의 정수를 받습니다</translation>
    </message>
    <message>
        <source>it takes a name of its enum, or an integer of 32 bits</source>
        <translation>enum의 이름이나 32비트 정수를 받습니다</translation>
    </message>
    <message>
        <source>it takes a number that fits into its type</source>
        <translation>타입에 들어가는 수를 받습니다</translation>
    </message>
    <message>
        <source>it takes a text</source>
        <translation>텍스트를 받습니다</translation>
    </message>
    <message>
        <source>it takes bytes, such as {&quot;$bytes&quot;: &quot;00ff&quot;}</source>
        <translation>{&quot;$bytes&quot;: &quot;00ff&quot;}와 같은 바이트를 받습니다</translation>
    </message>
</context>
<context>
    <name>slotscope::TypesCard</name>
    <message>
        <source>Types</source>
        <translation>타입</translation>
    </message>
    <message>
        <source>Encodings</source>
        <translation>인코딩</translation>
    </message>
    <message>
        <source>Lengths</source>
        <translation>길이</translation>
    </message>
    <message>
        <source>Keys by</source>
        <translation>키 기준</translation>
    </message>
    <message>
        <source>%1: %2 keys, %3; %4 of them without a time to live</source>
        <translation>%1: 키 %2개, %3; 그중 TTL 없는 키 %4개</translation>
    </message>
    <message>
        <source>%1 strings of %2 bytes</source>
        <translation>%2바이트 문자열 %1개</translation>
    </message>
    <message>
        <source>%1 keys of %2 elements (%3)</source>
        <translation>원소 %2개짜리 키 %1개 (%3)</translation>
    </message>
</context>
<context>
    <name>slotscope::UnfinishedList</name>
    <message>
        <source>Unfinished operations</source>
        <translation>끝나지 않은 작업</translation>
    </message>
    <message>
        <source>Connect and view it</source>
        <translation>연결해서 보기</translation>
    </message>
    <message>
        <source>Remove from this list</source>
        <translation>이 목록에서 제거</translation>
    </message>
</context>
<context>
    <name>slotscope::UnlockDialog</name>
    <message>
        <source>Writes on %1</source>
        <translation>%1에 쓰기</translation>
    </message>
    <message>
        <source>Writes are unlocked for another %1.</source>
        <translation>쓰기 잠금이 %1 더 해제되어 있습니다.</translation>
    </message>
    <message>
        <source>This connection is read-only: commands that change a server are not sent.</source>
        <translation>읽기 전용 연결입니다. 서버를 변경하는 명령은 보내지 않습니다.</translation>
    </message>
    <message>
        <source>This connection is marked as production: each write command needs confirmation.</source>
        <translation>프로덕션으로 표시된 연결입니다. 쓰기 명령마다 확인합니다.</translation>
    </message>
    <message>
        <source>While unlocked, writes are sent without confirmation. Destructive commands (FLUSHALL, SHUTDOWN, …) still ask for the name, and operations have their own confirmation.</source>
        <translation>잠금을 해제하는 동안 쓰기는 확인 없이 보냅니다. 많은 것을 없애는 명령(FLUSHALL, SHUTDOWN, …)은 여전히 이름을 묻고, 작업은 따로 확인합니다.</translation>
    </message>
    <message>
        <source>While unlocked, writes are sent as on any other connection.</source>
        <translation>잠금을 해제하는 동안 다른 연결처럼 쓰기를 보냅니다.</translation>
    </message>
    <message>
        <source>It locks again by itself, also when you reconnect.</source>
        <translation>시간이 지나거나 연결을 다시 맺으면 스스로 잠깁니다.</translation>
    </message>
    <message>
        <source>For</source>
        <translation>기간</translation>
    </message>
    <message>
        <source>1 minute</source>
        <translation>1분</translation>
    </message>
    <message>
        <source>%1 minutes</source>
        <translation>%1분</translation>
    </message>
    <message>
        <source>Unlock again</source>
        <translation>다시 해제</translation>
    </message>
    <message>
        <source>Unlock</source>
        <translation>잠금 해제</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <source>Lock now</source>
        <translation>지금 잠금</translation>
    </message>
    <message>
        <source>Name of the connection</source>
        <translation>연결 이름</translation>
    </message>
    <message>
        <source>Type “%1” to continue</source>
        <translation>계속하려면 “%1”을(를) 입력하세요</translation>
    </message>
</context>
<context>
    <name>slotscope::UserDialog</name>
    <message>
        <source>May log in</source>
        <translation>로그인 허용</translation>
    </message>
    <message>
        <source>New user</source>
        <translation>새 사용자</translation>
    </message>
    <message>
        <source>User %1</source>
        <translation>사용자 %1</translation>
    </message>
    <message>
        <source>Do not change it</source>
        <translation>그대로 두기</translation>
    </message>
    <message>
        <source>This password</source>
        <translation>이 비밀번호</translation>
    </message>
    <message>
        <source>Only this password</source>
        <translation>이 비밀번호만</translation>
    </message>
    <message>
        <source>Add this password</source>
        <translation>이 비밀번호도</translation>
    </message>
    <message>
        <source>No password (nopass)</source>
        <translation>요구하지 않음(nopass)</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>비밀번호</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>이름</translation>
    </message>
    <message>
        <source>Commands</source>
        <translation>명령</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>키</translation>
    </message>
    <message>
        <source>Channels</source>
        <translation>채널</translation>
    </message>
    <message>
        <source>More rules</source>
        <translation>추가 규칙</translation>
    </message>
    <message>
        <source>Nodes</source>
        <translation>노드</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <source>If no node is chosen: all nodes. Each node has its own ACLs; a cluster does not spread them.</source>
        <translation>선택하지 않음: 모든 노드. ACL은 노드마다 따로이며 클러스터가 전파하지 않습니다.</translation>
    </message>
    <message>
        <source>Enter a name.</source>
        <translation>이름을 입력하세요.</translation>
    </message>
    <message>
        <source>A name cannot contain spaces.</source>
        <translation>이름에는 공백을 쓸 수 없습니다.</translation>
    </message>
    <message>
        <source>Enter a password.</source>
        <translation>비밀번호를 입력하세요.</translation>
    </message>
    <message>
        <source>You are logged in as this user: permissions that you remove are removed from yourself.</source>
        <translation>지금 이 사용자로 로그인되어 있습니다. 권한을 빼면 자신의 권한이 없어집니다.</translation>
    </message>
    <message>
        <source>Set on 1 node</source>
        <translation>노드 1개에 설정</translation>
    </message>
    <message>
        <source>Set on %1 nodes</source>
        <translation>노드 %1개에 설정</translation>
    </message>
    <message>
        <source>A user with that name exists: select it and press Edit…</source>
        <translation>같은 이름의 사용자가 있습니다. 그 사용자를 선택하고 누르세요: 편집…</translation>
    </message>
    <message>
        <source>Its rules contain bytes that cannot be entered here, or are too long: change it with ACL SETUSER in the console.</source>
        <translation>규칙에 여기서 입력할 수 없는 바이트가 있거나 너무 깁니다. 콘솔에서 ACL SETUSER로 변경하세요.</translation>
    </message>
    <message>
        <source>%1 nodes do not have this user. “Make the others the same…” creates it there, with its password.</source>
        <translation>노드 %1개에는 이 사용자가 없습니다. 다른 노드도 같게…를 사용하면 비밀번호까지 전달됩니다.</translation>
    </message>
</context>
<context>
    <name>slotscope::UserNotices</name>
    <message>
        <source>Close the notice</source>
        <translation>알림 닫기</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>보기</translation>
    </message>
</context>
<context>
    <name>slotscope::UserPanel</name>
    <message>
        <source>Edit…</source>
        <translation>편집…</translation>
    </message>
    <message>
        <source>Make the others the same…</source>
        <translation>다른 노드도 같게…</translation>
    </message>
    <message>
        <source>Delete…</source>
        <translation>삭제…</translation>
    </message>
    <message>
        <source>Try a command…</source>
        <translation>명령 시험…</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>닫기</translation>
    </message>
    <message>
        <source>Permissions</source>
        <translation>허용 범위</translation>
    </message>
    <message>
        <source>Rules</source>
        <translation>규칙</translation>
    </message>
    <message>
        <source>Nodes</source>
        <translation>노드</translation>
    </message>
    <message>
        <source>Password: %1</source>
        <translation>비밀번호: %1</translation>
    </message>
    <message>
        <source>%1 does not have this user.</source>
        <translation>%1에 그런 사용자가 없습니다.</translation>
    </message>
    <message>
        <source>%1 has other passwords.</source>
        <translation>%1의 비밀번호가 다릅니다.</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>This connection is read-only.</source>
        <translation>읽기 전용 연결입니다.</translation>
    </message>
    <message>
        <source>The servers cannot delete the default user. Disable it instead.</source>
        <translation>서버는 사용자 default를 삭제하지 않습니다. 대신 끄세요.</translation>
    </message>
</context>
<context>
    <name>slotscope::UsersModel</name>
    <message>
        <source>1 differs</source>
        <translation>1개가 다름</translation>
    </message>
    <message>
        <source>%1 differ</source>
        <translation>%1개가 다름</translation>
    </message>
    <message>
        <source>%1 without it</source>
        <translation>%1개에 없음</translation>
    </message>
    <message>
        <source>all %1</source>
        <translation>모두 %1개</translation>
    </message>
    <message>
        <source>on</source>
        <translation>켜짐</translation>
    </message>
    <message>
        <source>off</source>
        <translation>꺼짐</translation>
    </message>
    <message>
        <source>User</source>
        <translation>사용자</translation>
    </message>
    <message>
        <source>State</source>
        <translation>상태</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>비밀번호</translation>
    </message>
    <message>
        <source>Commands</source>
        <translation>명령</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>키</translation>
    </message>
    <message>
        <source>Channels</source>
        <translation>채널</translation>
    </message>
    <message>
        <source>Nodes</source>
        <translation>노드</translation>
    </message>
    <message>
        <source>%1 of %2 read</source>
        <translation>%2개 중 %1개 읽음</translation>
    </message>
</context>
<context>
    <name>slotscope::UsersView</name>
    <message>
        <source>All</source>
        <translation>전체</translation>
    </message>
    <message>
        <source>≠ Different</source>
        <translation>≠ 다름</translation>
    </message>
    <message>
        <source>Which users</source>
        <translation>표시할 사용자</translation>
    </message>
    <message>
        <source>Find a user or a rule</source>
        <translation>사용자 또는 규칙 찾기</translation>
    </message>
    <message>
        <source>Refused…</source>
        <translation>거부 내역…</translation>
    </message>
    <message>
        <source>ACL LOG: logins and commands that the nodes refused</source>
        <translation>ACL LOG: 노드가 거부한 로그인과 명령</translation>
    </message>
    <message>
        <source>Save to files…</source>
        <translation>파일에 저장…</translation>
    </message>
    <message>
        <source>New user…</source>
        <translation>새 사용자…</translation>
    </message>
    <message>
        <source>Users</source>
        <translation>사용자</translation>
    </message>
    <message>
        <source>All %1</source>
        <translation>전체 %1</translation>
    </message>
    <message>
        <source>≠ Different %1</source>
        <translation>≠ 다름 %1</translation>
    </message>
    <message>
        <source>%1 does not list its users: the user lacks %2.</source>
        <translation>%1의 사용자를 볼 수 없습니다. 사용자에게 %2 권한이 없습니다.</translation>
    </message>
    <message>
        <source>Nothing has been read yet</source>
        <translation>아직 읽은 내용이 없습니다</translation>
    </message>
    <message>
        <source>Users appear as soon as a node answers.</source>
        <translation>노드가 응답하면 사용자가 표시됩니다.</translation>
    </message>
    <message>
        <source>No node lists its users</source>
        <translation>사용자를 알려 주는 노드가 없습니다</translation>
    </message>
    <message>
        <source>This connection is read-only.</source>
        <translation>읽기 전용 연결입니다.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <source>Its connections are closed at once.</source>
        <translation>그 연결이 바로 끊어집니다.</translation>
    </message>
    <message>
        <source>You are logged in as this user: your own connections are closed, and you cannot log in again.</source>
        <translation>지금 이 사용자로 로그인되어 있습니다. 자신의 연결이 끊어지고 더 이상 로그인할 수 없습니다.</translation>
    </message>
    <message>
        <source>Delete the user %2 on 1 node?</source>
        <translation>노드 1개에서 사용자 %2을(를) 삭제할까요?</translation>
    </message>
    <message>
        <source>Delete the user %2 on %1 nodes?</source>
        <translation>노드 %1개에서 사용자 %2을(를) 삭제할까요?</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>삭제</translation>
    </message>
    <message>
        <source>Set the ACL user %2 on 1 node to the definition that most nodes have?</source>
        <translation>노드 1개의 사용자 %2을(를) 대부분의 노드와 같게 할까요?</translation>
    </message>
    <message>
        <source>Set the ACL user %2 on %1 nodes to the definition that most nodes have?</source>
        <translation>노드 %1개의 사용자 %2을(를) 대부분의 노드와 같게 할까요?</translation>
    </message>
    <message>
        <source>Rules and passwords are replaced on %1.</source>
        <translation>%1의 규칙과 비밀번호가 바뀝니다.</translation>
    </message>
    <message>
        <source>Make them the same</source>
        <translation>같게 하기</translation>
    </message>
    <message>
        <source>No node has a user file (aclfile). If the users are in the configuration file, Rewrite files… in Settings saves them.</source>
        <translation>사용자 파일(aclfile)이 있는 노드가 없습니다. 사용자가 설정 파일에 있으면 설정의 파일 다시 쓰기…로 보관합니다.</translation>
    </message>
    <message>
        <source>Let 1 node write its users to its file?</source>
        <translation>노드 1개가 사용자를 파일에 기록하게 할까요?</translation>
    </message>
    <message>
        <source>Let %1 nodes write their users to their files?</source>
        <translation>노드 %1개가 사용자를 파일에 기록하게 할까요?</translation>
    </message>
    <message>
        <source>ACL SAVE: the users then survive a restart.</source>
        <translation>ACL SAVE: 다시 시작해도 유지됩니다.</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>저장</translation>
    </message>
    <message>
        <source>Not on %1, which did not list its users.</source>
        <translation>사용자 목록을 알려 주지 않은 %1에서는 삭제되지 않습니다.</translation>
    </message>
    <message>
        <source>You are logged in as this user.</source>
        <translation>지금 이 사용자로 로그인되어 있습니다.</translation>
    </message>
</context>
<context>
    <name>slotscope::V8Reader</name>
    <message>
        <source>this is not V8 serialization data of a known version</source>
        <translation>알려진 버전의 V8 직렬화가 아닙니다</translation>
    </message>
    <message>
        <source>it is nested deeper than %1 levels</source>
        <translation>%1단계보다 깊습니다</translation>
    </message>
    <message>
        <source>%1 is not a type of V8</source>
        <translation>V8에 유형 %1이(가) 없습니다</translation>
    </message>
    <message>
        <source>a number has %1 bytes</source>
        <translation>%1바이트 숫자</translation>
    </message>
    <message>
        <source>a text is missing</source>
        <translation>텍스트가 없습니다</translation>
    </message>
    <message>
        <source>it refers to object %1, but there are %2</source>
        <translation>객체 %2개 중 %1번째를 참조합니다</translation>
    </message>
    <message>
        <source>an array of %1 elements does not fit into the data</source>
        <translation>요소 %1개의 배열이 맞지 않습니다</translation>
    </message>
    <message>
        <source>a view extends beyond its buffer</source>
        <translation>뷰가 버퍼를 벗어납니다</translation>
    </message>
    <message>
        <source>a host object has the unknown type %1</source>
        <translation>알 수 없는 종류 %1의 호스트 객체</translation>
    </message>
    <message>
        <source>an error has the unknown part %1</source>
        <translation>알 수 없는 부분 %1이(가) 있는 오류</translation>
    </message>
</context>
<context>
    <name>slotscope::ValuePane</name>
    <message>
        <source>(empty)</source>
        <translation>(비어 있음)</translation>
    </message>
    <message>
        <source>Open keys</source>
        <translation>열린 키</translation>
    </message>
    <message>
        <source>No key is open</source>
        <translation>열린 키가 없습니다</translation>
    </message>
    <message>
        <source>Select one in the list, or enter its exact name and press Enter.</source>
        <translation>목록에서 고르거나 정확한 이름을 입력하고 Enter를 누르세요.</translation>
    </message>
    <message>
        <source>Unsaved changes</source>
        <translation>저장하지 않은 변경 내용</translation>
    </message>
    <message>
        <source>“%1” has unsaved changes.</source>
        <translation>“%1”에 저장하지 않은 변경 내용이 있습니다.</translation>
    </message>
    <message>
        <source>Keep it open</source>
        <translation>열어 두기</translation>
    </message>
    <message>
        <source>Close without saving</source>
        <translation>저장하지 않고 닫기</translation>
    </message>
    <message>
        <source>Save the value</source>
        <translation>값 저장</translation>
    </message>
</context>
<context>
    <name>slotscope::ValueReader</name>
    <message>
        <source>no node is known that serves the key</source>
        <translation>이 키를 담당하는 노드를 알 수 없습니다</translation>
    </message>
    <message>
        <source>%1 databases have keys, at most %2 are searched</source>
        <translation>키가 있는 데이터베이스가 %1개입니다. 최대 %2개까지만 찾습니다</translation>
    </message>
    <message>
        <source>%1 was not written: the key no longer exists</source>
        <translation>%1을(를) 쓰지 않았습니다. 키가 더 이상 없습니다</translation>
    </message>
</context>
<context>
    <name>slotscope::ValueTab</name>
    <message>
        <source>Close the message</source>
        <translation>메시지 닫기</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>읽는 중…</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>실행 취소</translation>
    </message>
    <message>
        <source>Restore what your last change replaced</source>
        <translation>마지막 변경으로 바뀐 내용을 되돌립니다</translation>
    </message>
    <message>
        <source>Revert</source>
        <translation>되돌리기</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>저장</translation>
    </message>
    <message>
        <source>The key could not be read</source>
        <translation>키를 읽지 못했습니다</translation>
    </message>
    <message>
        <source>The key no longer exists: it was deleted, or has expired. Your changes are kept here.</source>
        <translation>키가 더 이상 없습니다. 삭제되었거나 만료되었습니다. 변경 내용은 여기에 보관됩니다.</translation>
    </message>
    <message>
        <source>The key has another type now. Your changes are kept here until you revert them.</source>
        <translation>키의 값 유형이 바뀌었습니다. 되돌리기 전까지 변경 내용은 여기에 보관됩니다.</translation>
    </message>
    <message>
        <source>The key does not exist</source>
        <translation>그런 키가 없습니다</translation>
    </message>
    <message>
        <source>It was deleted, has expired, or never existed.</source>
        <translation>삭제되었거나 만료되었거나 처음부터 없었습니다.</translation>
    </message>
    <message>
        <source>A value of the type %1</source>
        <translation>%1 유형의 값</translation>
    </message>
    <message>
        <source>It belongs to a module of the server. You can change its name and time to live and see its memory here, but not its content.</source>
        <translation>서버 모듈에 속한 값입니다. 이름, TTL, 메모리는 여기에서 다룰 수 있지만 내용은 다룰 수 없습니다.</translation>
    </message>
    <message>
        <source>This connection is read-only.</source>
        <translation>읽기 전용 연결입니다.</translation>
    </message>
    <message>
        <source>Ctrl+S</source>
        <translation>Ctrl+S</translation>
    </message>
    <message>
        <source>Nothing was changed: that name already exists (%1).</source>
        <translation>아무것도 변경하지 않았습니다. 그 이름이 이미 있습니다(%1).</translation>
    </message>
    <message>
        <source>Nothing was changed: someone else changed it first. %1 is “%2” now. Check it, and try again.</source>
        <translation>아무것도 변경하지 않았습니다. 다른 사용자가 먼저 변경했습니다. %1의 값은 이제 “%2”입니다. 다시 확인하고 반복하세요.</translation>
    </message>
    <message>
        <source>(nothing)</source>
        <translation>(없음)</translation>
    </message>
    <message>
        <source>%1
was, when you started:
%2</source>
        <translation>%1
편집을 시작할 때의 값:
%2</translation>
    </message>
    <message>
        <source>%1
is now:
%2</source>
        <translation>%1
현재 값:
%2</translation>
    </message>
    <message>
        <source>Your value:
%1</source>
        <translation>원하는 값:
%1</translation>
    </message>
    <message>
        <source>Someone else changed it in the meantime: nothing was saved</source>
        <translation>그 사이 다른 사용자가 변경하여 아무것도 저장하지 않았습니다</translation>
    </message>
    <message>
        <source>It was not undone: someone else changed the key since.</source>
        <translation>되돌리지 않았습니다. 그 뒤에 다른 사용자가 키를 변경했습니다.</translation>
    </message>
    <message>
        <source>Delete the key</source>
        <translation>키 삭제</translation>
    </message>
    <message>
        <source>Delete “%1”?</source>
        <translation>“%1”을(를) 삭제할까요?</translation>
    </message>
    <message>
        <source>This can be undone from its tab.</source>
        <translation>탭에서 되돌릴 수 있습니다.</translation>
    </message>
    <message>
        <source>Its size is not known, so no copy is kept: this cannot be undone.</source>
        <translation>크기를 알 수 없어 보관하지 않습니다. 되돌릴 수 없습니다.</translation>
    </message>
    <message>
        <source>It is too large to keep a copy: this cannot be undone.</source>
        <translation>너무 커서 보관할 수 없습니다. 되돌릴 수 없습니다.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>삭제</translation>
    </message>
    <message>
        <source>Duplicate the key</source>
        <translation>키 복제</translation>
    </message>
    <message>
        <source>Rename the key</source>
        <translation>키 이름 바꾸기</translation>
    </message>
    <message>
        <source>Duplicate</source>
        <translation>복제</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>이름 바꾸기</translation>
    </message>
    <message>
        <source>New name</source>
        <translation>새 이름</translation>
    </message>
    <message>
        <source>This is already its name.</source>
        <translation>이미 같은 이름입니다.</translation>
    </message>
    <message>
        <source>The new name may be in another slot. The key is copied there and the copy is compared; the time to live stays. If the new name is taken, nothing is changed.</source>
        <translation>새 이름은 다른 슬롯에 속할 수 있습니다. 키를 그곳에 복사하고 복사본을 비교하며 TTL은 그대로입니다. 새 이름이 이미 쓰이고 있으면 아무것도 바뀌지 않습니다.</translation>
    </message>
    <message>
        <source>The other databases could not be searched: %1</source>
        <translation>다른 데이터베이스에서 찾을 수 없었습니다: %1</translation>
    </message>
    <message>
        <source>It was deleted, has expired, or never existed. No other database has this name.</source>
        <translation>삭제되었거나 만료되었거나 처음부터 없던 키입니다. 다른 데이터베이스에도 이 이름이 없습니다.</translation>
    </message>
    <message>
        <source>The key does not exist in database %1</source>
        <translation>데이터베이스 %1에 이 키가 없습니다</translation>
    </message>
    <message>
        <source>A key with this name exists in database %1.</source>
        <translation>이 이름의 키가 데이터베이스 %1에 있습니다.</translation>
    </message>
    <message>
        <source>Keys with this name exist in the databases %1.</source>
        <translation>이 이름의 키가 데이터베이스 %1에 있습니다.</translation>
    </message>
    <message>
        <source>Open in database %1</source>
        <translation>데이터베이스 %1에서 열기</translation>
    </message>
    <message>
        <source>Nothing was changed: it no longer exists (%1).</source>
        <translation>아무것도 바뀌지 않았습니다. 더 이상 존재하지 않습니다(%1).</translation>
    </message>
    <message>
        <source>The key is gone: it was deleted, or has expired. Nothing was saved. Overwriting would create it again, without a time to live.</source>
        <translation>키가 없습니다. 삭제되었거나 만료되었습니다. 아무것도 저장하지 않았습니다. 덮어쓰면 TTL 없이 다시 생성됩니다.</translation>
    </message>
</context>
<context>
    <name>slotscope::Way</name>
    <message>
        <source>SSH through %1</source>
        <translation>SSH %1 경유</translation>
    </message>
    <message>
        <source>the proxy %1</source>
        <translation>프록시 %1</translation>
    </message>
    <message>
        <source>“%1” is not a proxy: write socks5://HOST:PORT or http://HOST:PORT</source>
        <translation>“%1”은(는) 프록시가 아닙니다: socks5://HOST:PORT 또는 http://HOST:PORT 형식입니다</translation>
    </message>
    <message>
        <source>a proxy that requires a user name and password is not supported</source>
        <translation>사용자와 비밀번호를 요구하는 프록시는 지원되지 않습니다</translation>
    </message>
    <message>
        <source>ssh would interpret “%1” differently: define a host alias for it in ~/.ssh/config</source>
        <translation>ssh는 “%1”을(를) 다르게 해석합니다. ~/.ssh/config에 호스트 별칭을 정의하세요</translation>
    </message>
    <message>
        <source>the command %1</source>
        <translation>명령 %1</translation>
    </message>
    <message>
        <source>the command names no program</source>
        <translation>명령에 프로그램이 없습니다</translation>
    </message>
    <message>
        <source>{local} is missing: the port on this computer on which the command shall listen</source>
        <translation>{local}이 없습니다. 명령이 수신할 이 컴퓨터의 포트입니다</translation>
    </message>
    <message>
        <source>the command must be a single line</source>
        <translation>명령은 한 줄이어야 합니다</translation>
    </message>
    <message>
        <source>“{%1}” is unknown: use {host}, {port} and {local}</source>
        <translation>“{%1}”은(는) 알 수 없습니다. {host}, {port}, {local}을 쓰십시오</translation>
    </message>
</context>
<context>
    <name>slotscope::WayBox</name>
    <message>
        <source>Started on this computer, one process per node, without a shell: {local} is the port on which it listens, {host} and {port} are those of the node. It ends with the connection.</source>
        <translation>이 컴퓨터에서 노드마다 한 프로세스로, 셸 없이 시작합니다. {local}은 수신할 포트, {host}와 {port}는 노드의 주소입니다. 연결과 함께 끝납니다.</translation>
    </message>
    <message>
        <source>Through</source>
        <translation>경로</translation>
    </message>
    <message>
        <source>SSH</source>
        <translation>SSH</translation>
    </message>
    <message>
        <source>a proxy</source>
        <translation>프록시</translation>
    </message>
    <message>
        <source>a command</source>
        <translation>명령</translation>
    </message>
    <message>
        <source>The proxy</source>
        <translation>프록시</translation>
    </message>
    <message>
        <source>socks5://HOST:PORT or http://HOST:PORT</source>
        <translation>socks5://HOST:PORT 또는 http://HOST:PORT</translation>
    </message>
    <message>
        <source>The command</source>
        <translation>명령</translation>
    </message>
    <message>
        <source>T&amp;hrough</source>
        <translation>경로(&amp;H)</translation>
    </message>
    <message>
        <source>nothing (direct)</source>
        <translation>없음(직접 연결)</translation>
    </message>
    <message>
        <source>kubectl port-forward pod/{host} {local}:{port}</source>
        <translation>kubectl port-forward pod/{host} {local}:{port}</translation>
    </message>
</context>
<context>
    <name>slotscope::WayOpener</name>
    <message>
        <source>ssh closed the connection without a message</source>
        <translation>ssh가 연결을 닫았지만 이유를 알리지 않았습니다</translation>
    </message>
    <message>
        <source>%1 closed the connection without a reply</source>
        <translation>%1이(가) 응답 없이 연결을 닫았습니다</translation>
    </message>
    <message>
        <source>the host name is empty or longer than 255 bytes</source>
        <translation>호스트 이름이 없거나 255바이트보다 깁니다</translation>
    </message>
    <message>
        <source>%1 sent extra bytes after its reply; no data was sent to the server</source>
        <translation>%1이(가) 응답 뒤에 자체 바이트를 보냈습니다. 서버에는 아무것도 보내지 않았습니다</translation>
    </message>
</context>
<context>
    <name>slotscope::WriteLock</name>
    <message>
        <source>Writes unlocked · %1 left</source>
        <translation>쓰기 해제됨 · %1 남음</translation>
    </message>
    <message>
        <source>Read-only · Unlock…</source>
        <translation>읽기 전용 · 해제…</translation>
    </message>
    <message>
        <source>Writes ask · Unlock…</source>
        <translation>쓰기 확인 · 해제…</translation>
    </message>
</context>
<context>
    <name>slotscope::journal</name>
    <message>
        <source>it is not a journal</source>
        <translation>저널이 아닙니다</translation>
    </message>
    <message>
        <source>it was written by another version of this program (format %1; this version reads up to %2)</source>
        <translation>이 프로그램의 다른 버전이 쓴 것입니다(형식 %1, 이 버전은 %2까지 읽음)</translation>
    </message>
    <message>
        <source>“%1” is not the id of an operation</source>
        <translation>“%1”은(는) 실행의 ID가 아닙니다</translation>
    </message>
</context>
</TS>
