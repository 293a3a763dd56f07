internal import Database
internal import Deals
internal import Foundation
internal import JSON

struct ContractVerifyCommand: FolderCommand {
    var file: String?

    static let usage = Usage<ContractVerifyCommand>(
        "contract verify", "Tells whether a PDF is a contract as it was presented or signed here.",
        [.positional("FILE", \.file, "The PDF.")])

    private static let bytesMax = 64 << 20

    func work(_ app: App, _ call: FolderCall) async throws -> JSON {
        let path = call.path(file ?? "")
        guard isFile(path), let size = fileStatus(path)?.st_size, size <= Self.bytesMax,
            let data = FileManager.default.contents(atPath: path)
        else { throw CommandFailure("the file \(file ?? "") does not exist", "Give the path of a PDF.") }
        return try app.database.acrossTenantsRead { try ContractCheck([UInt8](data), in: $0).json }
    }

    func text(_ result: JSON, _ terminal: Terminal) -> String {
        let contract = result["contract"]
        func part(_ name: String) -> String { contract?[name]?.text ?? "" }
        switch result["verdict"]?.text {
        case "unchanged":
            let isSigned = contract?["signed_hash"] == result["sha256"]
            return """
                \(terminal.bold("unchanged")): \(part("title")), \(isSigned ? "signed by \(part("signed_by")) at \(part("signed_at"))" : "as it was presented at \(part("sent_at"))")
                \(part("id")), SHA-256 \(result["sha256"]?.text ?? "")
                """
        case "altered":
            return """
                \(terminal.bold("altered")): it says that it is \(part("id")) (\(part("title"))), and differs from what was kept.
                SHA-256 \(result["sha256"]?.text ?? ""); presented \(part("document_hash"))\(part("signed_hash").isEmpty ? "" : ", signed \(part("signed_hash"))")
                """
        default: return "\(terminal.bold("unknown")): the file is not a contract of this installation."
        }
    }

    func status(_ result: JSON) -> Int32 { result["verdict"] == "unchanged" ? 0 : 1 }
}
