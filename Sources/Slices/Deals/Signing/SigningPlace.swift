internal import Database
internal import JSON
internal import Nouns
internal import People
internal import Records
internal import Wording

/// Where a contract is signed that is not signed on its page, as its client is told.
struct SigningPlace {
    let service: String
    /// Whether it can be signed there now.
    let isOpen: Bool
    /// The address to which the service writes.
    let email: String?
    let url: String?

    init(_ signature: ContractSignature, _ contract: Contract, in reader: some Queryable) throws {
        (service, isOpen) = (signature.via.title, signature.isPending)
        email = try contract.contactID.flatMap { try Contact.resource.find($0, in: reader) }?.email
        url = signature.isPending ? signature.signURL.flatMap { $0.hasPrefix("https://") ? $0 : nil } : nil
    }

    func words(_ words: SellingCopy) -> String {
        guard isOpen else { return words("contract.sign_lapsed", ["service": .text(service)]) }
        return words(
            "contract.sign_elsewhere", ["service": .text(service), "email": .text(email ?? "–")])
    }

    static let schema: JSON = [
        "type": ["object", "null"],
        "description": "The service at which it is signed, and the address to which that writes; null: here.",
        "properties": [
            "service": ["type": "string"], "open": ["type": "boolean"],
            "email": ["type": ["string", "null"]], "url": ["type": ["string", "null"]],
        ],
    ]

    var json: JSON {
        ["service": .string(service), "open": .bool(isOpen), "email": JSON(email), "url": JSON(url)]
    }
}
