/// A result that one thread waits for and another one brings.
///
/// Unchecked: the result is touched inside the monitor.
final class WaitingResult<T: Sendable>: @unchecked Sendable {
    private let monitor = Monitor()
    private var result: Result<T, any Error>?

    func put(_ result: Result<T, any Error>) {
        monitor.withLock {
            self.result = result
            monitor.wake()
        }
    }

    func wait() throws -> T {
        try monitor.withLock {
            while true {
                if let result { return try result.get() }
                monitor.wait()
            }
        }
    }
}
