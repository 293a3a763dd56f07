internal import Glibc
internal import Jobs
internal import Telemetry

/// SIGTERM and SIGINT, as something to wait for. A second one ends the process at once.
///
/// Blocking them and asking for them with sigwait does not do: the dispatch library has a thread that lets
/// every signal in. So a handler writes a byte to a pipe, and a thread reads it.
final class StopSignals: Sendable {
    private let received: AsyncStream<Void>

    /// Once in a process.
    init() {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
        received = stream
        let reading = stopPipe.reading
        let thread = OwnThread {
            waitForByte(reading)
            continuation.yield()
            waitForByte(reading)
            _exit(130)
        }
        thread.start()
        for number in [SIGTERM, SIGINT] { signal(number, noteStop) }
    }

    func wait() async {
        for await _ in received { return }
    }
}

/// Made before the handler that writes to it is set.
private let stopPipe: (reading: Int32, writing: Int32) = {
    var ends: [Int32] = [-1, -1]
    precondition(pipe(&ends) == 0, "no file descriptors left")
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
}()

private func noteStop(_ number: Int32) {
    var byte: UInt8 = 0
    _ = write(stopPipe.writing, &byte, 1)
}

private func waitForByte(_ descriptor: Int32) {
    var byte: UInt8 = 0
    while read(descriptor, &byte, 1) < 0, errno == EINTR {}
}

/// Returns after the time, or when the task is cancelled.
func pause(_ duration: Duration) async { await systemWait(until: systemSteadyClock() + duration) }

/// A thread for what waits for a long time: it must not take one of those that tasks share.
final class OwnThread: Sendable {
    private let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) { self.body = body }

    func start() {
        var thread = pthread_t()
        let context = Unmanaged.passRetained(self).toOpaque()
        let code = pthread_create(&thread, nil, runOwnThread, context)
        precondition(code == 0, "no thread could be started")
        pthread_detach(thread)
    }

    fileprivate func run() { body() }
}

private func runOwnThread(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    if let context { Unmanaged<OwnThread>.fromOpaque(context).takeRetainedValue().run() }
    return nil
}
