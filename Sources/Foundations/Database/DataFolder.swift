internal import Glibc
import Synchronization

/// The folder that holds the database and its lock. One process at a time.
final class DataFolder: Sendable {
    static let databaseName = "bureau.db"
    private static let lockName = "bureau.lock"

    let path: String
    private let lock: Mutex<Int32>

    /// Creates the folder with mode 0700 when it is missing, and takes the lock.
    init(_ path: String) throws(DatabaseError) {
        self.path = path
        try createFolder(path)
        let lockPath = path + "/" + Self.lockName
        let descriptor = openFile(lockPath, O_RDWR | O_CREAT)
        guard descriptor >= 0 else { throw .unavailable(.inputOutput("\(lockPath): \(systemErrorText())")) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let isTaken = errno == EWOULDBLOCK
            let reason = systemErrorText()
            let owner = readText(descriptor)
            Glibc.close(descriptor)
            guard isTaken else { throw .unavailable(.inputOutput("\(lockPath): \(reason)")) }
            throw .inUse(by: owner.isEmpty ? "another process" : owner)
        }
        lock = Mutex(descriptor)
        describe("")
    }

    deinit { release() }

    var databasePath: String { path + "/" + Self.databaseName }

    /// Gives a new database mode 0600, which its log inherits; SQLite alone would take 0644.
    func createDatabaseFile() throws(DatabaseError) {
        let descriptor = openFile(databasePath, O_RDWR | O_CREAT)
        guard descriptor < 0 else {
            Glibc.close(descriptor)
            return
        }
        // An existing file that cannot be written to is for SQLite to judge.
        guard fileExists(databasePath) else {
            throw .unavailable(.inputOutput("\(databasePath): \(systemErrorText())"))
        }
    }

    /// Writes into the lock file who holds it, for the message that a second process shows.
    func describe(_ details: String) {
        let text = "process \(getpid())" + (details.isEmpty ? "" : ", \(details)")
        lock.withLock { descriptor in
            guard descriptor >= 0 else { return }
            ftruncate(descriptor, 0)
            unsafe _ = pwrite(descriptor, text, text.utf8.count, 0)
        }
    }

    func release() {
        lock.withLock { descriptor in
            guard descriptor >= 0 else { return }
            ftruncate(descriptor, 0)
            // A process that is being started just now may hold a copy of the descriptor for a moment.
            flock(descriptor, LOCK_UN)
            Glibc.close(descriptor)
            descriptor = -1
        }
    }
}

private func createFolder(_ path: String) throws(DatabaseError) {
    var status = stat()
    if unsafe stat(path, &status) == 0 {
        guard status.st_mode & S_IFMT == S_IFDIR else { throw .incompatible("\(path) is not a folder") }
        return
    }
    var parent = path[...]
    while parent.last == "/" { parent.removeLast() }
    if let slash = parent.lastIndex(of: "/"), slash > parent.startIndex {
        try createFolder(String(parent[..<slash]))
    }
    guard unsafe mkdir(path, 0o700) == 0 || errno == EEXIST else {
        throw .unavailable(.inputOutput("\(path): \(systemErrorText())"))
    }
}

func readText(_ descriptor: Int32) -> String {
    var bytes = [UInt8](repeating: 0, count: 500)
    let count = unsafe bytes.withUnsafeMutableBytes {
        unsafe pread(descriptor, $0.baseAddress, $0.count, 0)
    }
    return String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
}
