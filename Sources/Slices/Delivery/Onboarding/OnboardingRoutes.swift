internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Routing
internal import RuntimeRoutes
internal import Telemetry

/// The answers that were filled in at a step.
private struct StepCompletion: Declared {
    var answers = JSON.null
    static let schema = Schema<StepCompletion>(
        "OnboardingStepCompletion",
        [
            .document(
                "answers", \.answers,
                .about(
                    "The answers: goals for success_metrics, requirements and files for requirements.")
            )
        ])
}

/// Why a step is left out.
private struct StepSkip: Declared {
    var reason = ""
    static let schema = Schema<StepSkip>(
        "OnboardingStepSkip",
        [.text("reason", \.reason, max: 1000, .required, .about("Why the step is left out."))])
}

func onboardingRoutes(_ routes: inout Routes, _ services: DeliveryServices) {
    routes.standard(
        Onboarding.resource, read: "onboardings:read", write: "onboardings:write", create: false,
        patch: false,
        delete: false)
    routes.declare(StepCompletion.self)
    routes.declare(StepSkip.self)
    routes.post(
        "/v1/onboardings/{id}/steps/{key}/complete", .permission("onboardings:write"),
        "Complete a step of an onboarding",
        body: .json(.reference(StepCompletion.schema.name), isOptional: true), .record(Onboarding.resource)
    ) { call in
        let (id, key) = (try call.id("id", of: Onboarding.self), call.parameters["key"] ?? "")
        let answers = try call.answers
        return .write { tx in
            let old = try Onboarding.resource.get(id, in: tx)
            try call.checkVersion(old.version)
            return .record(try tx.onboardings.complete(old, key, answers, by: call.actor, services))
        }
    }
    routes.post(
        "/v1/onboardings/{id}/steps/{key}/skip", .permission("onboardings:write"),
        "Skip a step of an onboarding", body: .json(.reference(StepSkip.schema.name)),
        .record(Onboarding.resource)
    ) { call in
        let (id, key) = (try call.id("id", of: Onboarding.self), call.parameters["key"] ?? "")
        let body = Result { try call.body(StepSkip.self) }
        return .write { tx in
            let old = try Onboarding.resource.get(id, in: tx), body = try body.get()
            try call.checkVersion(old.version)
            return .record(try tx.onboardings.skip(old, key, because: body.reason, by: call.actor))
        }
    }
    onboardingPortal(&routes, services)
}

/// The client's own onboarding: what is to be done, by whom, and how far it is.
private func onboardingPortal(_ routes: inout Routes, _ services: DeliveryServices) {
    routes.schema("PortalOnboarding", Onboarding.portalSchema)
    routes.get(
        "/v1/portal/onboarding", .portal("portal:read"), "Get your onboarding",
        .json(.reference("PortalOnboarding"), "The steps, and how far they are.")
    ) { call in
        let portal = try call.portal
        return .read { reader in
            .json(try reader.onboardings.own(portal).portalJSON)
        }
    }
    routes.post(
        "/v1/portal/onboarding/steps/{key}/complete", .portal("portal:write"),
        "Complete one of your steps", named: "complete_portal_onboarding_step",
        body: .json(.reference(StepCompletion.schema.name), isOptional: true),
        .json(.reference("PortalOnboarding"), "The steps, and how far they are.")
    ) { call in
        let (key, portal, answers) = (call.parameters["key"] ?? "", try call.portal, try call.answers)
        return .write { tx in
            let old = try tx.onboardings.own(portal)
            // The agency's steps are not the client's to do.
            guard old.steps.list.contains(where: { $0.key == key && $0.owner == .client }) else {
                throw Problem(.notFound)
            }
            return .json(
                try tx.onboardings.complete(old, key, answers, by: call.actor, services).portalJSON)
        }
    }
}

extension Call {
    fileprivate var answers: JSONObject? {
        get throws {
            guard !request.bytes.isEmpty else { return nil }
            return try body(StepCompletion.self).answers.object
        }
    }
}

extension OnboardingStore {
    fileprivate func own(_ portal: PortalCall) throws -> Onboarding {
        guard let newest = try newest(of: portal.clientID) else { throw Problem(.notFound) }
        return newest
    }
}

extension Onboarding {
    fileprivate var portalJSON: JSON {
        [
            "status": .string(status.rawValue), "progress": .number(progress),
            "started_at": JSON(startedAt?.description), "completed_at": JSON(completedAt?.description),
            "steps": .array(steps.list.map(\.portalJSON)),
        ]
    }

    fileprivate static let portalSchema: JSON = {
        let step: JSON = .record([
            "key": .anyText, "title": .anyText, "kind": .choice(OnboardingStep.Kind.self),
            "owner": .choice(OnboardingStep.Owner.self), "state": .choice(OnboardingStep.State.self),
            "due_on": .textOrNull, "done_at": .instantOrNull, "after": ["type": "array", "items": .anyText],
            "answers": ["type": ["object", "null"]],
            "fields": ["type": "array", "items": OnboardingField.schema.jsonSchema(.whole)],
        ])
        return .record([
            "status": .choice(Status.self), "progress": ["type": "number"], "started_at": .instantOrNull,
            "completed_at": .instantOrNull, "steps": ["type": "array", "items": step],
        ])
    }()
}

extension OnboardingStep {
    /// The step as its client sees it: the agency's own answers stay inside.
    fileprivate var portalJSON: JSON {
        [
            "key": .string(key), "title": .string(title), "kind": .string(kind.rawValue),
            "owner": .string(owner.rawValue), "state": .string(state.rawValue), "due_on": JSON(dueOn?.iso),
            "done_at": JSON(doneAt?.description), "after": JSON(after),
            "answers": owner == .client ? answers : .null,
            "fields": owner == .client ? fields.json : [],
        ]
    }
}
