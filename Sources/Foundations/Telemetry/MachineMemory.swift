internal import Glibc

/// The memory of the machine, or of the group of processes that this one is limited with, in bytes.
package struct MachineMemory: Sendable, Hashable {
    package let total: Int64, available: Int64

    package init(total: Int64, available: Int64) { (self.total, self.available) = (total, available) }

    /// Reads how it is now; `nil` where the kernel does not tell.
    package static func now() -> MachineMemory? {
        let figures = KernelText.read("/proc/meminfo")
        guard let total = kilobytes("MemTotal", in: figures),
            let available = kilobytes("MemAvailable", in: figures)
        else { return nil }
        let machine = MachineMemory(total: total * 1024, available: available * 1024)
        let folder = "/sys/fs/cgroup/"
        guard let limit = Int64(trimmed(KernelText.read(folder + "memory.max"))), limit < machine.total,
            let used = Int64(trimmed(KernelText.read(folder + "memory.current")))
        else { return machine }
        return MachineMemory(total: limit, available: min(machine.available, max(0, limit - used)))
    }

    private static func kilobytes(_ name: String, in text: String) -> Int64? {
        let line = text.split(separator: "\n").first { $0.hasPrefix(name + ":") }
        return line?.split(separator: " ").dropFirst().first.flatMap { Int64($0) }
    }

    private static func trimmed(_ text: String) -> String { text.filter { !$0.isWhitespace } }
}

/// The time of processors that this process has used, and how many there are.
package enum ProcessorTime {
    package static var seconds: Double {
        var usage = rusage()
        guard getrusage(RUSAGE_SELF.rawValue, &usage) == 0 else { return 0 }
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1_000_000 }
        return seconds(usage.ru_utime) + seconds(usage.ru_stime)
    }

    package static var processors: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }
}

/// The files in which the kernel tells figures.
enum KernelText {
    static func read(_ path: String) -> String {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return "" }
        defer { close(file) }
        var text: [UInt8] = [], part = [UInt8](repeating: 0, count: 16_384)
        while case let count = Glibc.read(file, &part, part.count), count > 0 { text += part[..<count] }
        return String(decoding: text, as: UTF8.self)
    }
}
