"""Every bound of the transport, each with its unit and its reason.

A peer that comes to a bound is refused, or cut off where the protocol leaves nothing else. Terraform stays far below all of
them: it opens one connection, runs `-parallelism` calls at once (10 by default) and sends messages of up to 256 MiB.
"""

from __future__ import annotations

# Bytes of one message: what Terraform's client and Go's provider libraries accept as well.
MAX_MESSAGE_SIZE = 256 << 20

# What the oldest connection may hold, what all others may hold together, and what each of those may hold even so.
# Bytes of requests and queued answers. The first: the largest message in, the largest out, and as much again.
MAX_BYTES = (768 << 20, 256 << 20, 1 << 20)
# Calls that run or wait for a worker, also those whose client has gone away meanwhile. What all others hold leaves the
# oldest connection a quarter of the workers. Two each, since a call is given back a moment after it was answered.
MAX_CALLS = (2048, 64, 2)
# Streams. The first is also what the SETTINGS announce to each connection; go-plugin keeps two open.
MAX_STREAMS = (1024, 1024, 8)

# Threads that run calls. Each call may wait for minutes, and Terraform runs `-parallelism` of them.
MAX_WORKERS = 256
# Calls of StopProvider and Shutdown at once, each on a thread of its own.
MAX_CONTROL_CALLS = 16

# Connections, those that have not shown yet who they are included; each has a thread. Terraform opens one, and one for
# each instance of a provider that was started by hand. On TCP anyone on the machine can knock.
MAX_CONNECTIONS = 64
# Seconds from the connection to the first SETTINGS, with TLS and the preface in between.
BEGIN_SECONDS = 10.0
# Seconds that a peer has for the last words that were sent to it.
LINGER_SECONDS = 1.0

# Bytes of one read and of one TLS record.
READ_SIZE = 256 << 10
RECORD_SIZE = 16 << 10
# Bytes that the socket has not taken yet: beyond the first no more is produced, at the second the peer is cut off. The
# second is HIGH_WATER, MAX_CONTROL_BYTES and room for TLS, so that only TLS's own answers to a peer can reach it.
HIGH_WATER = 256 << 10
MAX_UNSENT = 2 << 20
# Bytes queued on a stream at which a handler that answers bit by bit waits.
STREAM_HIGH_WATER = 256 << 10

# Bytes of a frame's payload that a peer may send, and of data before it needs a WINDOW_UPDATE.
MAX_FRAME_SIZE = 256 << 10
STREAM_WINDOW = 4 << 20
CONNECTION_WINDOW = 16 << 20
# Bytes of data that a stream sends in its turn when several have data to send.
LARGEST_TURN = 64 << 10

# Bytes and frames of a header block on the wire, and bytes of the list in it as RFC 9113 counts them. Empty CONTINUATION
# frames would cost no bytes, and references to one large entry hardly any.
MAX_BLOCK_SIZE = 64 << 10
MAX_BLOCK_FRAMES = 64
MAX_LIST_SIZE = 64 << 10
# Bytes of HPACK's dynamic table, and changes of that size in one header block. An encoder needs two (RFC 7541, section 4.2);
# some send all that there were since the last block.
TABLE_SIZE = 4096
MAX_SIZE_UPDATES = 16
# Header blocks of a connection that are remembered with what they mean, and bytes of the longest such block.
REMEMBERED_BLOCKS = 64
REMEMBERED_BLOCK_SIZE = 1 << 10

# Bytes of answers to control frames that a peer does not fetch.
MAX_CONTROL_BYTES = 1 << 20
# Entries of a SETTINGS frame; RFC 9113 defines six.
MAX_SETTINGS = 32

# Overhead of a connection, in frames: what a peer has sent less the work that it has brought forward.
MAX_OVERHEAD = 10_000
# Bytes of a header block, and streams whose window a SETTINGS frame moves, that cost as much as a frame.
BLOCK_BYTES_A_FRAME = 32
STREAMS_A_FRAME = 16
# Frames that an answered call makes good, and bytes of data, either way, that make one good. grpc-go sends about five
# frames a call and one for 16 KiB of data.
FRAMES_A_CALL = 100
DATA_BYTES_A_FRAME = 1 << 10
