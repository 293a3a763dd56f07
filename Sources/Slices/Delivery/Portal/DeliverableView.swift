internal import Database
internal import JSON
internal import Nouns
internal import Records
internal import RuntimeRoutes
internal import Telemetry
internal import Tenancy

extension Deliverable {
    /// The client's view: content that has passed its quality review, as it was then, and nothing of how the agency
    /// judged it.
    static let portal = PortalView(
        resource,
        hiding: ["text", "files", "versions", "quality", "reviewed_by", "review_notes", "evidence"],
        where: "status IN ('with_client', 'approved', 'changes_requested')",
        details: .init(
            [
                "text": .textOrNull, "files": ["type": "array", "items": .anyText],
                "versions": ["type": "array", "items": versionSchema],
            ]
        ) { deliverable in
            let shown = deliverable.shownVersions
            return [
                "text": JSON(shown.last?.text), "files": JSON(shown.last?.files ?? []),
                "versions": .array(shown.map(\.shown)),
            ]
        })

    /// The versions that have come to the client.
    private var shownVersions: [DeliverableVersion] { versions.list.filter { $0.passed == true } }

    /// One of them, by its number.
    func shown(_ revision: Int) -> DeliverableVersion? { shownVersions.first { $0.number == revision } }

    /// The files of all of them.
    var shownFiles: Set<ID<StoredFile>> { Set(shownVersions.flatMap(\.files)) }

    private static let versionSchema: JSON = .record([
        "number": .anyInteger, "text": .textOrNull, "files": ["type": "array", "items": .anyText],
        "submitted_at": .instantOrNull, "decision": .textOrNull, "change_request": .textOrNull,
    ])
}

extension DeliverableVersion {
    fileprivate var shown: JSON {
        [
            "number": JSON(number), "text": JSON(text), "files": JSON(files),
            "submitted_at": JSON(submittedAt?.description), "decision": JSON(decision),
            "change_request": JSON(changeRequest),
        ]
    }
}
