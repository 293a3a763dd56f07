import Foundation
import Glibc

/// The wall clock of a whole process, which a test moves on. What is about to wait is not woken by that.
final class MovedClock: Sendable {
    private let file = NSTemporaryDirectory() + "bureau-clock-" + UUID().uuidString

    init(at date: Date) throws {
        try move(to: date)
    }

    deinit { unlink(file) }

    /// The variables with which a process starts that goes by this clock.
    var variables: [String: String] {
        let folder = URL(fileURLWithPath: BureauProcess.binary).deletingLastPathComponent()
        return ["LD_PRELOAD": folder.appending(path: "libMovedClock.so").path, "MOVED_CLOCK": file]
    }

    /// Shows an instant from now on, and goes on from there.
    func move(to date: Date) throws {
        var microseconds = Int64(date.timeIntervalSince(.now) * 1_000_000)
        let descriptor = open(file, O_RDWR | O_CREAT, 0o600)
        guard descriptor >= 0 else { throw Unexpected("no clock: \(errno)") }
        defer { close(descriptor) }
        guard pwrite(descriptor, &microseconds, 8, 0) == 8 else { throw Unexpected("no clock: \(errno)") }
    }
}
