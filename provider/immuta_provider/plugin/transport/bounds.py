"""The limits of the transport, each with its unit and its reason.

A request beyond a limit is refused. If the protocol has no refusal, the connection is closed. Terraform stays far below the
limits: it opens one connection, runs `-parallelism` calls at once (10 by default) and sends messages of up to 256 MiB.
"""

from __future__ import annotations

# Bytes of one message, as in Terraform's client and Go's provider libraries.
MAX_MESSAGE_SIZE = 256 << 20

# The next three are limits for the oldest connection and for all others together, and the minimum for each of those.
# Bytes of requests and queued responses. The first has room for the largest request, the largest response, and as much again.
MAX_BYTES = (768 << 20, 256 << 20, 1 << 20)
# Calls that run or wait for a worker, even if the client has gone. The calls of all others leave the oldest connection a quarter
# of the workers. The minimum is two, because a call still counts for a moment after its response.
MAX_CALLS = (2048, 64, 2)
# Streams. The first is also announced in SETTINGS to each connection. go-plugin keeps two open.
MAX_STREAMS = (1024, 1024, 8)

# Threads that run calls. A call may wait for minutes, and Terraform runs `-parallelism` calls at once.
MAX_WORKERS = 256
# Calls of StopProvider and Shutdown at once. Each has a thread of its own.
MAX_CONTROL_CALLS = 16

# Connections, including those that are not established. Each has a thread. Terraform opens one, and one for each instance of a
# provider that was started by hand. With TCP, every user of the machine can connect.
MAX_CONNECTIONS = 64
# Seconds from the connection to the first SETTINGS, with TLS and the preface in between.
BEGIN_SECONDS = 10.0
# Seconds that a peer has to read the last bytes before the connection is closed.
LINGER_SECONDS = 1.0

# Bytes of one read and of one TLS record.
READ_SIZE = 256 << 10
RECORD_SIZE = 16 << 10
# Bytes that wait for the socket. At the first, no more data is made; at the second, the connection is cut. The second has room
# for HIGH_WATER, MAX_CONTROL_BYTES and TLS records, so that only TLS's own messages can reach it.
HIGH_WATER = 256 << 10
MAX_UNSENT = 2 << 20
# Bytes queued on a stream at which a streaming handler waits.
STREAM_HIGH_WATER = 256 << 10

# Bytes of a frame's payload that a peer may send, and of data before it needs a WINDOW_UPDATE.
MAX_FRAME_SIZE = 256 << 10
STREAM_WINDOW = 4 << 20
CONNECTION_WINDOW = 16 << 20
# Bytes of data that a stream sends in its turn when several have data to send.
LARGEST_TURN = 64 << 10

# Bytes and frames of an encoded header block, and bytes of the decoded list as RFC 9113 counts them. Empty CONTINUATION
# frames would cost no bytes, and references to one large entry hardly any.
MAX_BLOCK_SIZE = 64 << 10
MAX_BLOCK_FRAMES = 64
MAX_LIST_SIZE = 64 << 10
# Bytes of HPACK's dynamic table, and changes of that size in one header block. An encoder needs two (RFC 7541, section 4.2);
# some send all that there were since the last block.
TABLE_SIZE = 4096
MAX_SIZE_UPDATES = 16
# Header blocks of a connection that are cached with their headers, and bytes of the longest such block.
REMEMBERED_BLOCKS = 64
REMEMBERED_BLOCK_SIZE = 1 << 10

# Bytes of responses to control frames that wait for a peer.
MAX_CONTROL_BYTES = 1 << 20
# Entries of a SETTINGS frame; RFC 9113 defines six.
MAX_SETTINGS = 32

# Frames of overhead of a connection: the frames that a peer has sent, less the credit for its calls and data.
MAX_OVERHEAD = 10_000
# Bytes of a header block, and streams whose window a SETTINGS frame changes, that count as one frame.
BLOCK_BYTES_A_FRAME = 32
STREAMS_A_FRAME = 16
# Frames of credit for a call, and bytes of data in either direction for one frame of credit. grpc-go sends about five frames a
# call and one for 16 KiB of data.
FRAMES_A_CALL = 100
DATA_BYTES_A_FRAME = 1 << 10
