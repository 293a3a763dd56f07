internal import Agents
internal import Cryptography
internal import Database
internal import HTTPClient
internal import HTTPServer
internal import Intelligence
internal import JSON
internal import Jobs
internal import Records
internal import Routing
internal import RuntimeRoutes
internal import Templates
internal import Tenancy
internal import Wording

func modelRoutes(_ routes: inout Routes, _ services: PlatformServices, _ runtime: Runtime) {
    let addresses = OutboundAddresses(services.outbound)
    let secrets = services.secrets
    routes.standard(
        LanguageModel.resource, read: "models:read", write: "models:write", create: false, patch: false)
    routes.schema("ModelWithKey", withKey(.create))
    routes.schema("ModelChange", withKey(.patch))
    routes.schema("ModelTrial", ModelTrial.schema)

    routes.post(
        "/v1/models", .permission("models:write"), "Create a language model that agents may use",
        body: .json(.reference("ModelWithKey")), .record(LanguageModel.resource, status: 201)
    ) { call in
        var body = try call.object(), draft = LanguageModel(), faults = Faults()
        let key = ModelKey(takenFrom: &body, &faults)
        LanguageModel.schema.create(&draft, from: body, faults: &faults)
        try faults.throwIfAny()
        draft.baseURL = draft.baseURL.withoutEndingSlashes
        try addresses.check(draft.baseURL, at: "/base_url")
        return .write { [draft] tx in
            var model = draft
            model.beginLife(id: tx.nextID(), now: tx.now)
            if case .given(let key) = key { try model.setKey(key, secrets, tx.tenant) }
            try tx.create(&model, by: call.actor)
            return .record(model, status: 201, location: "/v1/models/\(model.id)")
        }
    }
    routes.patch(
        "/v1/models/{id}", .permission("models:write"), "Update a model, or its key",
        body: .json(.reference("ModelChange")), .record(LanguageModel.resource)
    ) { call in
        let id = try call.id("id", of: LanguageModel.self)
        var body = try call.object(), faults = Faults()
        let key = ModelKey(takenFrom: &body, &faults)
        try faults.throwIfAny()
        if let url = body["base_url"]?.text { try addresses.check(url, at: "/base_url") }
        return .write { [body] tx in
            let old = try LanguageModel.resource.get(id, in: tx)
            try call.checkVersion(old.version)
            var model = old, faults = Faults()
            _ = LanguageModel.schema.patch(&model, with: body, faults: &faults)
            try faults.throwIfAny()
            model.baseURL = model.baseURL.withoutEndingSlashes
            switch key {
            case .given(let key): try model.setKey(key, secrets, tx.tenant)
            // It was meant for that address alone: whoever changes this must not learn it.
            case .absent where model.baseURL != old.baseURL: try model.setKey(nil, secrets, tx.tenant)
            case .absent: break
            }
            try tx.update(old, to: &model, by: call.actor)
            return .record(model)
        }
    }
    routes.post(
        "/v1/models/{id}/test", .permission("models:write"),
        "Test a model with a small question, and get what is wrong if it does not answer",
        .json(.reference("ModelTrial"), "The result of the test.")
    ) { call in
        let id = try call.id("id", of: LanguageModel.self)
        return .task {
            let model = try call.read { try LanguageModel.resource.get(id, in: $0) }
            guard !runtime.isSandbox(call.tenant) else {
                throw Problem(
                    .conflict,
                    "A sandbox calls no models, so the model cannot be tested there: test it in the agency.")
            }
            let trial = try await ModelTrial(
                of: model.route(secrets, call.tenant), over: services, call.tenant, call.actor)
            return .json(try call.read { trial.json(in: try $0.wordings.find(for: call)) })
        }
    }
}

/// The key that a body gives, or takes away.
private enum ModelKey {
    case absent
    case given(String?)

    init(takenFrom body: inout JSONObject, _ faults: inout Faults) {
        guard let json = body["api_key"] else {
            self = .absent
            return
        }
        body.remove("api_key")
        let text = json.text?.trimmed
        let isPlain = text?.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F } ?? json.isNull
        if !isPlain || text?.isEmpty == true || (text?.utf8.count ?? 0) > LanguageModel.keyLengthMax {
            faults.add(
                "/api_key", "invalid_key",
                "api_key must be a text, as the service gave it to you, or null for none.")
        }
        self = .given(text)
    }
}

private func withKey(_ purpose: SchemaUse) -> JSON {
    LanguageModel.schema.jsonSchema(purpose).merging([
        "properties": [
            "api_key": [
                "type": ["string", "null"], "format": "password",
                "maxLength": JSON(LanguageModel.keyLengthMax),
                "writeOnly": true,
                "description": "The key that the model's server knows the agency by; never shown again.",
            ]
        ]
    ])
}

/// One small request, made once: a person waits for it.
struct ModelTrial {
    let english: JSON
    private let failure: ModelFailure?

    init(
        of route: ModelRoute, over services: PlatformServices, _ tenant: TenantID, _ actor: Actor
    ) async throws {
        let gateway = ModelGateway(
            TrialGate(services: services, tenant: tenant, actor: actor), attemptsMax: 1,
            random: { SystemRandom.number() }, wait: { _ in })
        var request = ChatRequest([.user("Answer with the JSON document {\"ready\": true}.")], tokensMax: 200)
        request.format = .json(
            name: "trial",
            schema: [
                "type": "object", "properties": ["ready": ["type": "boolean"]], "required": ["ready"],
                "additionalProperties": false,
            ])
        request.temperature = 0
        do {
            let answer = try await gateway.answer(request, for: "", [route])
            failure = nil
            english = [
                "ok": true, "code": nil, "detail": "The model answers as expected.",
                "model": .string(answer.reply.model), "input_tokens": JSON(answer.usage.input),
                "output_tokens": JSON(answer.usage.output), "recommended_action": nil, "reference": nil,
            ]
        } catch let none as ModelsExhausted {
            failure = none.last
            english = [
                "ok": false, "code": JSON(none.last?.code.description),
                "detail": JSON(none.last.map { "The model does not answer: \($0)." }), "model": nil,
                "input_tokens": JSON(none.usage.input), "output_tokens": JSON(none.usage.output),
                "recommended_action": JSON(none.last?.remedy), "reference": JSON(none.last?.reference),
            ]
        }
    }

    /// The result in a reader's words; in English it has the service's own.
    func json(in words: Wording) -> JSON {
        guard !words.areStandard else { return english }
        let code = failure?.code.description, said = english["detail"]?.text ?? ""
        let detail = code.map { Saying.cause($0, said) } ?? Saying("model.test_good")
        let remedy = code.map { Saying.remedy($0, isOver: true).said(in: words) }
        return english.merging([
            "detail": .string(detail.said(in: words)), "recommended_action": JSON(remedy),
        ])
    }

    static let schema: JSON = {
        let (text, count): (JSON, JSON) = (["type": ["string", "null"]], ["type": "integer"])
        let properties: JSONObject = [
            "ok": ["type": "boolean"], "code": text, "detail": text, "model": text, "input_tokens": count,
            "output_tokens": count,
            "recommended_action": [
                "type": ["string", "null"],
                "description": "The recommended action where the model does not answer.",
            ],
            "reference": [
                "type": ["string", "null"], "description": "The number that guides call it by, as ERR_002.",
            ],
        ]
        return .schema(properties, required: properties.keys)
    }()
}

/// Lets a person's test of a model out.
private struct TrialGate: ModelGate {
    let services: PlatformServices
    let tenant: TenantID
    let actor: Actor

    func open(_ route: ModelRoute, _ request: ChatRequest) async throws -> ModelWay? {
        let permit = try await services.database.write(tenant, .request) { [actor] tx in
            try tx.modelCalls.permitTest(of: route, request, by: actor)
        }
        return ModelWay(.http(services.outbound, permit)) { [services, tenant] tokens, failure in
            _ = try await services.database.write(tenant, .request) { tx in
                try tx.modelCalls.settle(permit, by: route, tokens, failure)
            }
        }
    }
}

extension ModelFailure {
    private var limit: ProblemType? {
        if case .busy(429, _) = self { .serviceLimited } else { nil }
    }

    fileprivate var reference: String? { limit?.reference }

    /// Advice for a person: what to do about it.
    fileprivate var remedy: String {
        if let limit { return limit.remedy }
        return switch self {
        case .busy, .unreachable:
            "Test it again in a few minutes; if it stays, look at base_url and at the server."
        case .outOfCredit: "Pay in with whoever runs it, or let another model be asked first."
        case .badKey: "Give it a valid api_key, then test it again."
        case .unknownModel: "Set model to a name that its server knows."
        case .tooLong: "Use a model that takes longer texts."
        case .rejected: "Correct what the server names; it may support less than the settings say."
        case .declined: "Use another model: it, or its filter, declines what every model is asked here."
        case .truncated, .malformed: "Use a model that keeps to a schema, or say that it supports none."
        }
    }
}
