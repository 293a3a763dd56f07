internal import Database
internal import HTTPServer
internal import JSON
package import Jobs
internal import Records
internal import Routing
internal import People
package import Telemetry

/// A step on somebody's way from a name in a list to a client.
package struct JourneyStep: Sendable {
    package enum Stage: String, CaseIterable, Sendable {
        case known, lead, conversation, deal, client
    }

    package var stage: Stage
    package var kind: String, name: String
    package var at: Instant
    package var subject: Subject

    package init(_ stage: Stage, _ kind: String, _ name: String, _ at: Instant, _ subject: Subject) {
        (self.stage, self.kind, self.name, self.at, self.subject) = (stage, kind, name, at, subject)
    }

    var json: JSON {
        [
            "stage": .string(stage.rawValue), "kind": .string(kind), "name": .string(name),
            "at": .string(at.description), "subject": subject.json,
        ]
    }
}

func journeyRoute(_ routes: inout Routes, _ dependencies: DashboardDependencies) {
    let step = JSON.schema(
        [
            "stage": ["type": "string", "enum": JSON(JourneyStep.Stage.allCases.map(\.rawValue))],
            "kind": ["type": "string"], "name": ["type": "string"],
            "at": ["type": "string", "format": "date-time"], "subject": ["type": "object"],
        ], required: ["stage", "kind", "name", "at", "subject"])
    let journey = JSON.schema(
        [
            "stage": ["type": ["string", "null"]], "days": ["type": "integer"],
            "steps": ["type": "array", "items": step],
        ], required: ["stage", "days", "steps"])
    routes.get(
        "/v1/contacts/{id}/journey", .permission("contacts:read"),
        "Get a contact's journey with the agency, step by step",
        .json(
            journey,
            "The stage that the contact has reached, after how many days, and every step, oldest first.")
    ) { call in
        let id = try call.id("id", of: Contact.self)
        try call.allowQuery()
        return .read { reader in
            guard let steps = try dependencies.journey(reader, id)?.sorted(by: { $0.at < $1.at }) else {
                throw Problem(.notFound)
            }
            let furthest = JourneyStep.Stage.allCases.last { stage in steps.contains { $0.stage == stage } }
            let span = steps.first.flatMap { first in steps.last.map { $0.at - first.at } }
            return .json([
                "stage": JSON(furthest?.rawValue),
                "days": JSON(Int((span?.components.seconds ?? 0) / 86_400)),
                "steps": .array(steps.map(\.json)),
            ])
        }
    }
}
