internal import Glibc
internal import Telemetry

/// A lock that can be waited on, which `Mutex` cannot. What it guards belongs to its owner.
///
/// Unchecked: the two C objects are only ever handed to the functions made for sharing them.
@safe final class Monitor: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    init() {
        unsafe pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        unsafe pthread_condattr_init(&attributes)
        unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        unsafe pthread_cond_init(condition, &attributes)
        unsafe pthread_condattr_destroy(&attributes)
    }

    deinit {
        unsafe pthread_cond_destroy(condition)
        unsafe pthread_mutex_destroy(mutex)
        unsafe condition.deallocate()
        unsafe mutex.deallocate()
    }

    func withLock<T>(_ body: () throws -> T) rethrows -> T {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        return try body()
    }

    /// Inside `withLock`: lets go of the lock until `wake` or the end of the time. May return early.
    func wait(atMost time: Duration? = nil) {
        guard let time else {
            unsafe pthread_cond_wait(condition, mutex)
            return
        }
        let end = monotonicNanoseconds() + time.nanoseconds
        var moment = timespec(tv_sec: Int(end / 1_000_000_000), tv_nsec: Int(end % 1_000_000_000))
        unsafe pthread_cond_timedwait(condition, mutex, &moment)
    }

    func wake() { unsafe pthread_cond_signal(condition) }
    func wakeAll() { unsafe pthread_cond_broadcast(condition) }
}

extension Duration {
    var nanoseconds: Int64 { components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000 }
}

/// A thread that runs one closure. Not a task: what blocks must not hold a thread of the cooperative pool.
///
/// Unchecked: the handle is written once, before anyone else sees the object.
@safe final class OwnThread: @unchecked Sendable {
    private let body: @Sendable () -> Void
    private var handle = pthread_t()

    init(_ body: @escaping @Sendable () -> Void) throws(DatabaseError) {
        self.body = body
        let context = unsafe Unmanaged.passRetained(self)
        let code = unsafe pthread_create(&handle, nil, runOwnThread, context.toOpaque())
        guard code == 0 else {
            unsafe context.release()
            throw .unavailable(.inputOutput("no thread could be started: \(SystemFault(code))"))
        }
    }

    var isCurrent: Bool { pthread_equal(handle, pthread_self()) != 0 }

    /// Waits for the end; from the thread itself, only lets it end unattended. Once.
    func join() {
        if isCurrent { pthread_detach(handle) } else { pthread_join(handle, nil) }
    }

    /// Lets it end unattended.
    func leave() { pthread_detach(handle) }

    fileprivate func run() { body() }
}

private func runOwnThread(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    if let context = unsafe context {
        unsafe Unmanaged<OwnThread>.fromOpaque(context).takeRetainedValue().run()
    }
    return nil
}
