internal import CGathering
internal import Glibc
internal import Telemetry

/// Nanoseconds of the clock that never jumps. For limits and metrics only, not for the product's time.
func monotonicNanoseconds() -> Int64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}

/// Why the last call failed, in words.
func systemErrorText() -> String { SystemFault.last.description }

/// 0 when there is no such file.
func fileSize(_ path: String) -> Int64 {
    var status = stat()
    return unsafe stat(path, &status) == 0 ? Int64(status.st_size) : 0
}

func fileExists(_ path: String) -> Bool {
    var status = stat()
    return unsafe stat(path, &status) == 0
}

/// Opens with mode 0600; the flags are those of open(2), and the descriptor does not survive an exec.
func openFile(_ path: String, _ flags: Int32) -> Int32 { unsafe Glibc.open(path, flags | O_CLOEXEC, 0o600) }

/// The thread that makes a call.
enum CallingThread {
    static func pause(milliseconds: UInt32) { usleep(milliseconds * 1000) }
}

/// Returns whether there is something to read, after at most so long.
func waitForInput(_ descriptor: Int32, _ milliseconds: Int32) -> Bool {
    var question = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return unsafe poll(&question, 1, milliseconds) > 0
}

func removeFile(_ path: String) { unsafe _ = unlink(path) }

/// Makes a file durable under its final name: the file, the new name, and the folder's entry.
func publishFile(_ temporary: String, as path: String) throws(DatabaseError) {
    try synchronize(temporary, O_RDWR)
    guard unsafe rename(temporary, path) == 0 else {
        throw .unavailable(.inputOutput("\(path): \(systemErrorText())"))
    }
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    try synchronize(folder, O_RDONLY | O_DIRECTORY)
}

private func synchronize(_ path: String, _ flags: Int32) throws(DatabaseError) {
    let descriptor = openFile(path, flags)
    defer { if descriptor >= 0 { Glibc.close(descriptor) } }
    guard descriptor >= 0, fsync(descriptor) == 0 else {
        throw .unavailable(.inputOutput("\(path): \(systemErrorText())"))
    }
}

/// Brings a file to the disk in parts, so that what others bring there meanwhile waits for no more than one of them.
/// False, with `errno`, when that failed.
func synchronizeInParts(_ descriptor: Int32) -> Bool {
    let part_bytes: Int64 = 256 * 1024
    let end = lseek(descriptor, 0, SEEK_END)
    guard end >= 0 else { return false }
    for start in stride(from: 0, to: Int64(end), by: Int(part_bytes)) {
        // A file system that cannot do it by parts does it as a whole, below.
        if bureau_sync_part(descriptor, start, part_bytes) != 0 { break }
    }
    return fdatasync(descriptor) == 0
}

/// Copies a file's bytes into a new file.
func copyFile(_ source: String, to target: String) throws(DatabaseError) {
    let input = openFile(source, O_RDONLY)
    defer { if input >= 0 { Glibc.close(input) } }
    guard input >= 0 else { throw .unavailable(.inputOutput("\(source): \(systemErrorText())")) }
    let output = openFile(target, O_WRONLY | O_CREAT | O_EXCL)
    defer { if output >= 0 { Glibc.close(output) } }
    guard output >= 0 else { throw .unavailable(.inputOutput("\(target): \(systemErrorText())")) }
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    while true {
        let count = unsafe buffer.withUnsafeMutableBytes { unsafe read(input, $0.baseAddress, $0.count) }
        if count == 0 { return }
        var written = 0
        while count > 0, written < count {
            let more = unsafe buffer.withUnsafeBytes { bytes in
                unsafe write(output, bytes.baseAddress! + written, count - written)
            }
            guard more > 0 else { break }
            written += more
        }
        guard count > 0, written == count else {
            let isFull = errno == ENOSPC
            throw .unavailable(isFull ? .diskFull : .inputOutput("\(target): \(systemErrorText())"))
        }
    }
}
