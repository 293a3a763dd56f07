internal import Cryptography
package import Database
internal import Documents
package import JSON
internal import Nouns
internal import Records
internal import Telemetry

/// Whether a file is a contract as it was presented or signed here.
package struct ContractCheck: Sendable {
    package enum Verdict: String, Sendable {
        /// Byte for byte.
        case unchanged
        /// It says that it is a contract of ours, and is none that we have kept.
        case altered
        case unknown
    }

    package let verdict: Verdict
    package let sha256: String
    /// The facts that are kept of the contract; null where it is unknown.
    package let contract: JSON

    /// The file's bytes decide; what it says of itself only tells what it should have been.
    package init(_ pdf: [UInt8], in reader: SystemReader) throws {
        sha256 = Hex.encode(SHA256.hash(pdf))
        if let found = try reader.acrossTenantsContract(withHash: sha256) {
            (verdict, contract) = (.unchanged, found)
        } else if let id = PDFMarks.read(pdf)?["contract"],
            let found = try reader.acrossTenantsContract(id: id)
        {
            (verdict, contract) = (.altered, found)
        } else {
            (verdict, contract) = (.unknown, .null)
        }
    }

    package var json: JSON {
        ["verdict": .string(verdict.rawValue), "sha256": .string(sha256), "contract": contract]
    }
}

extension SystemReader {
    fileprivate func acrossTenantsContract(withHash hash: String) throws -> JSON? {
        try first(
            """
            SELECT \(KeptContract.columns) FROM contracts WHERE document_hash = \(hash) OR signed_hash = \(hash)
            ORDER BY id LIMIT 1
            """, KeptContract.init)?.json
    }

    fileprivate func acrossTenantsContract(id: String) throws -> JSON? {
        try first(
            "SELECT \(KeptContract.columns) FROM contracts WHERE id = \(id) AND status <> 'draft' LIMIT 1",
            KeptContract.init)?.json
    }
}

/// The facts that are kept of a contract.
private struct KeptContract: StoredRow {
    let json: JSON

    static let columns = Columns(of: Self.self)

    init(_ row: inout ColumnReader) {
        let id: ContractID = row.id("id")
        json = [
            "id": JSON(id), "tenant_id": .string(row.text("tenant_id")),
            "title": JSON(row.optionalText("title")), "client_name": .string(row.text("client_name")),
            "status": .string(row.text("status")),
            "sent_at": JSON(row.optionalInstant("sent_at")?.description),
            "signed_at": JSON(row.optionalInstant("signed_at")?.description),
            "signed_by": JSON(row.optionalText("signed_by")),
            "document_hash": JSON(row.optionalText("document_hash")),
            "signed_hash": JSON(row.optionalText("signed_hash")),
        ]
    }
}
