internal import Glibc

extension Metrics {
    /// Declares the process's own figures under the names that Prometheus' client libraries use.
    package func registerProcess() {
        let started = ProcessReading.startSeconds
        counter("process_cpu_seconds_total", "Processor time spent, in seconds.") {
            ProcessorTime.seconds
        }
        gauge("process_resident_memory_bytes", "Memory in use, in bytes.") { ProcessReading.residentBytes }
        gauge("process_open_fds", "Open file descriptors.") { ProcessReading.openDescriptors }
        gauge("process_max_fds", "The limit of open file descriptors.") { ProcessReading.descriptorsMax }
        gauge("process_threads", "Threads.") { ProcessReading.threads }
        gauge("process_start_time_seconds", "When the process started, in seconds since 1970.") { started }
    }
}

/// The kernel's figures for this process; 0 where it gives none.
private enum ProcessReading {
    static var residentBytes: Double {
        let pages = KernelText.read("/proc/self/statm").split(separator: " ").dropFirst().first
        return pages.flatMap { Double($0) }.map { $0 * Double(sysconf(Int32(_SC_PAGESIZE))) } ?? 0
    }

    static var openDescriptors: Double {
        guard let folder = opendir("/proc/self/fd") else { return 0 }
        defer { closedir(folder) }
        var count = 0
        while readdir(folder) != nil { count += 1 }
        return Double(max(0, count - 3))  // ".", ".." and the folder itself
    }

    static var descriptorsMax: Double {
        var limit = rlimit()
        return getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0
            ? Double(limit.rlim_cur) : 0
    }

    static var threads: Double { statistics.count > 17 ? Double(statistics[17]) ?? 0 : 0 }

    static var startSeconds: Double {
        let boot = KernelText.read("/proc/stat").split(separator: "\n").first { $0.hasPrefix("btime ") }
        guard let boot = boot.flatMap({ Double($0.dropFirst(6)) }), statistics.count > 19,
            let ticks = Double(statistics[19])
        else { return 0 }
        return boot + ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    /// The fields of proc(5)'s stat from the third on: the second, the name, may hold anything.
    private static var statistics: [Substring] {
        let text = KernelText.read("/proc/self/stat")
        guard let end = text.lastIndex(of: ")") else { return [] }
        return text[text.index(after: end)...].split(separator: " ")
    }
}
