import Glibc
import JSON
import Testing

/// The folder of labelled texts that Benchmarks/quality.md describes; nil where there is none, and nothing to
/// compare with.
struct DataFolder {
    static let present = getenv("BUREAU_DATA_SETS").map { DataFolder(path: String(cString: $0)) }
    /// Where the predictions are written, one file for each task, for the data folder's own scorer.
    private static let output = getenv("BUREAU_PREDICTIONS").map { String(cString: $0) }

    let path: String

    func rows(_ file: String) throws -> [JSON] {
        try contents(file).split(separator: UInt8(ascii: "\n")).map { try JSONParser.parse(Array($0)) }
    }

    func peers(_ task: String) throws -> JSON {
        try #require(JSONParser.parse(contents("PEERS.json"))[task])
    }

    private func contents(_ file: String) throws -> [UInt8] {
        let stream = try #require(fopen("\(path)/\(file)", "rb"), "\(file)")
        defer { fclose(stream) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = fread(&chunk, 1, chunk.count, stream), count > 0 { bytes += chunk[..<count] }
        return bytes
    }

    static func write(_ lines: String, _ file: String) throws {
        guard let output else { return }
        let stream = try #require(fopen("\(output)/\(file)", "wb"), "\(file)")
        defer { fclose(stream) }
        fputs(lines, stream)
    }
}

/// Precision and recall of yes and no.
struct YesNoScore {
    var right = 0, marked = 0, wanted = 0

    mutating func count(_ found: Bool, is wanted: Bool) {
        right += found && wanted ? 1 : 0
        marked += found ? 1 : 0
        self.wanted += wanted ? 1 : 0
    }

    var precision: Double { Double(right) / Double(max(1, marked)) }
    var recall: Double { Double(right) / Double(max(1, wanted)) }
    var f1: Double { right == 0 ? 0 : 2 * precision * recall / (precision + recall) }
}
