internal import Glibc
internal import Telemetry

/// The system's error about a file.
struct FileError: Error, Equatable, CustomStringConvertible {
    let path: String
    let reason: String
    var remedy: String?
    var description: String { "\(path): \(reason)" }
}

extension FileError {
    init(_ path: String, _ fault: SystemFault) {
        self.init(path: path, reason: fault.description, remedy: fault.remedy)
    }
}

/// The text of a file of at most 16 MB; `nil` when there is none.
@Sendable func readText(_ path: String) throws(FileError) -> String? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    if file < 0, errno == ENOENT || errno == ENOTDIR { return nil }
    guard file >= 0 else { throw FileError(path, .last) }
    defer { close(file) }
    var text: [UInt8] = [], part = [UInt8](repeating: 0, count: 65_536)
    while true {
        let count = read(file, &part, part.count)
        guard count >= 0 else { throw FileError(path, .last) }
        guard count > 0 else { break }
        text += part[..<count]
        guard text.count <= 16 << 20 else {
            throw FileError(path: path, reason: "the file is larger than 16 MB")
        }
    }
    return String(decoding: text, as: UTF8.self)
}

func currentFolder() -> String {
    guard let path = getcwd(nil, 0) else { return "." }
    defer { free(path) }
    return String(cString: path)
}

/// The program's own file.
func executablePath() -> String? {
    guard let path = realpath("/proc/self/exe", nil) else { return nil }
    defer { free(path) }
    return String(cString: path)
}

/// The variables that the process was started with.
func processEnvironment() -> [String: String] {
    let text = (try? readText("/proc/self/environ")) ?? ""
    var result: [String: String] = [:]
    for entry in text.split(separator: "\0") {
        guard let equals = entry.firstIndex(of: "=") else { continue }
        result[String(entry[..<equals])] = String(entry[entry.index(after: equals)...])
    }
    return result
}

func absolute(_ path: String, in folder: String) -> String {
    path.hasPrefix("/") ? path : folder + "/" + path
}

func fileStatus(_ path: String) -> stat? {
    var status = stat()
    return stat(path, &status) == 0 ? status : nil
}

func isFolder(_ path: String) -> Bool { (fileStatus(path)?.st_mode ?? 0) & S_IFMT == S_IFDIR }
func isFile(_ path: String) -> Bool { (fileStatus(path)?.st_mode ?? 0) & S_IFMT == S_IFREG }

/// The names in a folder, sorted; none when it cannot be read.
func names(in folder: String) -> [String] {
    guard let handle = opendir(folder) else { return [] }
    defer { closedir(handle) }
    var names: [String] = []
    while let entry = readdir(handle) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
            pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
}

/// Makes a folder and those above it, for their owner alone.
func makeFolder(_ path: String) throws(FileError) {
    if isFolder(path) { return }
    let trimmed = path.hasSuffix("/") ? String(path.dropLast()) : path
    if let slash = trimmed.lastIndex(of: "/"), slash > trimmed.startIndex {
        try makeFolder(String(trimmed[..<slash]))
    }
    guard mkdir(trimmed, 0o700) == 0 || errno == EEXIST else {
        throw FileError(path, .last)
    }
}

/// A folder or file of the installation: in the working folder, or beside the program, where
/// `.build/release/bureau` stands three folders below it.
func installed(_ name: String) -> String? {
    var candidates = [currentFolder()]
    if var folder = executablePath() {
        for _ in 0..<4 {
            guard let slash = folder.lastIndex(of: "/"), slash > folder.startIndex else { break }
            folder = String(folder[..<slash])
            candidates += [folder, folder + "/share/bureau"]
        }
    }
    return candidates.map { $0 + "/" + name }.first { fileStatus($0) != nil }
}

func removeFile(_ path: String) { unlink(path) }
