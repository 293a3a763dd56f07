import Foundation
import JSON
import StandIns
import Testing

/// Contracts that are signed at a service: sent once, believed only when it was asked, and kept as it has them.
@Suite(.ownThread) struct ContractSignatures: SellingSteps {
    let server = BureauProcess.shared

    struct Desk {
        let agency: Agency
        let service: ServiceStandIn
        let integration: JSON, via: String
        let taken: @Sendable () -> [String], reminded: @Sendable () -> [String]
        let paper: [UInt8]
        /// An event there, without a word of it.
        let sign: @Sendable (String) -> Void, decline: @Sendable (String) -> Void,
            expire: @Sendable (String) -> Void
        /// A webhook that says so.
        let event: @Sendable (_ kind: Kind, _ id: String) -> StandInHook

        enum Kind { case signed, declined, over, viewed }

        var owner: Caller { agency.owner }

        @discardableResult
        func tell(_ kind: Kind, _ id: String) throws -> Answer {
            try agency.server.deliver(event(kind, id), to: integration)
        }

        func contract(_ id: String) throws -> JSON { try owner.get("/v1/contracts/\(id)").ok() }

        /// The contract's request, once the service has it.
        func external(_ contract: JSON) throws -> String {
            try eventually("the request") {
                let id = try self.contract(contract.id)["signature"]?["external_id"]?.text
                return id
            }
        }
    }

    enum Service: String, CaseIterable { case docusign, dropboxSign = "dropbox_sign" }

    private func connect(
        _ agency: Agency, _ via: Service, _ service: ServiceStandIn, _ credentials: JSON,
        _ more: JSONObject = [:]
    ) throws -> JSON {
        var body: JSONObject = [
            "provider": .string(via.rawValue), "capability": "signatures",
            "settings": ["base_url": .string(service.url)], "credentials": credentials,
        ]
        for (name, value) in more.members { body[name] = value }
        return try agency.owner.post("/v1/integrations", .object(body)).ok(201)
    }

    func desk(_ via: Service, on agency: Agency) throws -> Desk {
        switch via {
        case .dropboxSign:
            let standIn = try DropboxSignStandIn()
            let made = try connect(agency, via, standIn.service, ["api_key": .string(standIn.apiKey)])
            return Desk(
                agency: agency, service: standIn.service, integration: made, via: via.rawValue,
                taken: { standIn.requests }, reminded: { standIn.reminded }, paper: DropboxSignStandIn.paper,
                sign: { standIn.sign($0, at: unixSeconds) }, decline: { standIn.decline($0, "Too dear") },
                expire: { standIn.expire($0) },
                event: { kind, id in
                    let type =
                        switch kind {
                        case .signed: "signature_request_all_signed"
                        case .declined: "signature_request_declined"
                        case .over: "signature_request_expired"
                        case .viewed: "signature_request_viewed"
                        }
                    return standIn.event(type, id, at: unixSeconds)
                })
        case .docusign:
            let standIn = try DocusignStandIn()
            let made = try connect(
                agency, via, standIn.service,
                [
                    "integration_key": .string(standIn.integrationKey), "user_id": .string(standIn.userID),
                    "private_key": .string(standIn.privateKey), "hmac_key": .string(standIn.hmacKey),
                ])
            return Desk(
                agency: agency, service: standIn.service, integration: made, via: via.rawValue,
                taken: { standIn.envelopes.map { $0.text("envelopeId") } },
                reminded: { standIn.reminded }, paper: DocusignStandIn.paper,
                sign: {
                    standIn.change($0, "completed", ["completedDateTime": "2026-01-02T03:04:05.0000000Z"])
                },
                decline: {
                    standIn.change(
                        $0, "declined", ["recipients": ["signers": [["declinedReason": "Too dear"]]]])
                },
                expire: { standIn.change($0, "voided", ["voidedReason": "Envelope has expired."]) },
                event: { kind, id in
                    let event =
                        switch kind {
                        case .signed: "envelope-completed"
                        case .declined: "envelope-declined"
                        case .over: "envelope-voided"
                        case .viewed: "envelope-delivered"
                        }
                    return standIn.event(event, id, at: "\(Date().timeIntervalSince1970)")
                })
        }
    }

    private func draft(_ agency: Agency, _ number: Int = 1) throws -> JSON {
        let (proposal, page) = try sent(agency, number)
        try server.anonymous.post("\(page)/accept", ["name": "Jane Example", "consent": true]).ok()
        return try agency.owner.post("/v1/contracts", ["proposal_id": .string(proposal.id)]).ok(201)
    }

    private func send(_ contract: JSON, _ via: String, _ agency: Agency) throws -> Answer {
        try agency.owner.post("/v1/contracts/\(contract.id)/send", ["via": .string(via)])
    }

    // MARK: Signing

    @Test(arguments: Service.allCases)
    func `a contract is sent once, its hook is not believed, and the signed paper is kept as it is`(
        _ via: Service
    ) throws {
        let desk = try desk(via, on: try agency()), owner = desk.owner
        let contract = try draft(desk.agency)
        let sent = try send(contract, desk.via, desk.agency).ok()
        #expect(sent.text("status") == "sent" && sent["signature"]?.text("via") == desk.via)
        #expect(sent["message_id"] == .null, "the service writes")
        let id = try desk.external(contract)
        #expect(desk.taken() == [id])
        let shown = try desk.contract(contract.id)
        #expect(shown["signature"]?.text("status") == "sent" && shown.text("document_hash").count == 64)

        let call = try #require(try owner.every("/v1/tool-calls?tool=request_signature").first)
        #expect(call.text("state") == "succeeded" && call["integration_id"] == .string(desk.integration.id))
        #expect(call["subject"] == ["type": "contract", "id": .string(contract.id)])

        // The hook lies.
        try desk.tell(.signed, id).ok()
        try eventuallyTrue("the question") {
            desk.service.requests.contains { $0.method == "GET" && $0.target.contains(id) }
        }
        #expect(try desk.contract(contract.id).text("status") == "sent")

        desk.sign(id)
        // A second later, so that the hook is another one.
        try eventuallyTrue("another hook") {
            try desk.tell(.signed, id).ok()
            return try desk.contract(contract.id).text("status") == "signed"
        }
        let signed = try desk.contract(contract.id)
        #expect(signed["signature"]?.text("status") == "signed" && !signed.text("signed_by").isEmpty)
        #expect(signed["client_id"]?.text?.hasPrefix("client_") == true)
        #expect(try owner.get("/v1/contracts/\(contract.id).pdf").body == desk.paper)
        #expect(
            signed.text("signed_hash").count == 64
                && signed.text("document_hash") == shown.text("document_hash"))
        try desk.tell(.signed, id).ok()
        #expect(try owner.every("/v1/clients").count == 1 && desk.taken().count == 1)
        #expect(try types(desk.agency).count { $0 == "contract.signed" } == 1)
        #expect(try owner.every("/v1/subscriptions").count == 1, "it begins as on our own page")
    }

    @Test(arguments: Service.allCases)
    func `declined and expired count here, and what is over can be sent again`(_ via: Service) throws {
        let desk = try desk(via, on: try agency()), owner = desk.owner
        let first = try draft(desk.agency)
        try send(first, desk.via, desk.agency).ok()
        let id = try desk.external(first)
        try send(first, "built_in", desk.agency).problem(409, "invalid_transition")
        desk.expire(id)
        try eventuallyTrue("the end") {
            try desk.tell(.over, id).ok()
            return try desk.contract(first.id)["signature"]?.text("status") == "expired"
        }
        #expect(try desk.contract(first.id).text("status") == "sent")
        #expect(try owner.every("/v1/alerts?kind=signature_failed&open=true").count == 1)
        try send(first, desk.via, desk.agency).ok()
        let again = try desk.external(first)
        #expect(again != id && desk.taken().count == 2)
        #expect(try owner.every("/v1/alerts?kind=signature_failed&open=true").isEmpty)

        desk.decline(again)
        try eventuallyTrue("the no") {
            try desk.tell(.declined, again).ok()
            return try desk.contract(first.id).text("status") == "declined"
        }
        #expect(try desk.contract(first.id).text("decline_reason") == "Too dear")
        #expect(try types(desk.agency).count { $0 == "contract.declined" } == 1)
    }

    @Test(arguments: Service.allCases)
    func `a contract that is withdrawn is taken back there`(_ via: Service) throws {
        let desk = try desk(via, on: try agency()), contract = try draft(desk.agency)
        try send(contract, desk.via, desk.agency).ok()
        let id = try desk.external(contract)
        try desk.owner.post("/v1/contracts/\(contract.id)/withdraw", ["reason": "Changed"]).ok()
        try eventuallyTrue("the call") {
            try desk.owner.every("/v1/tool-calls?tool=void_signature").first?.text("state") == "succeeded"
        }
        let verbs = desk.service.requests.filter { $0.target.contains(id) }.map(\.method)
        #expect(verbs.contains(via == .docusign ? "PUT" : "POST"))
        #expect(try desk.contract(contract.id)["signature"]?.text("status") == "voided")
    }

    @Test(arguments: Service.allCases)
    func `whoever is to sign is reminded by the service, at most once on a day`(_ via: Service) throws {
        let desk = try desk(via, on: try agency()), contract = try draft(desk.agency)
        let remind = "/v1/contracts/\(contract.id)/remind"
        try desk.owner.post(remind).problem(409, "invalid_transition")
        try send(contract, desk.via, desk.agency).ok()
        let id = try desk.external(contract)
        let reminded = try desk.owner.post(remind).ok()
        #expect(reminded["signature"]?["reminders"] == 1)
        #expect(reminded["signature"]?["reminded_at"] != .null)
        try eventuallyTrue("the reminder") { desk.reminded() == [id] }
        try desk.owner.post(remind).problem(409, "already_reminded")
        try eventuallyTrue("the call") {
            try desk.owner.every("/v1/tool-calls?tool=remind_signature").map { $0.text("state") }
                == ["succeeded"]
        }
        #expect(try types(desk.agency).count { $0 == "contract.reminded" } == 1)
        #expect(desk.reminded() == [id] && desk.taken() == [id])
        // A signed contract needs no reminder.
        desk.sign(id)
        try desk.tell(.signed, id).ok()
        try eventuallyTrue("the signature") { try desk.contract(contract.id).text("status") == "signed" }
        try desk.owner.post(remind).problem(409, "invalid_transition")
    }

    // MARK: Pages

    @Test func `the page and the portal say where it is signed, and take no answer`() throws {
        let desk = try desk(.dropboxSign, on: try agency()), contract = try draft(desk.agency)
        let sent = try send(contract, desk.via, desk.agency).ok(), page = path(sent.text("public_url"))
        _ = try desk.external(contract)
        let shown = try server.anonymous.get(page, html).text
        #expect(shown.contains("Dropbox Sign") && shown.contains("app.hellosign.com/sign/"))
        #expect(!shown.contains("\(page)/sign\""), "there is nothing to sign here")
        let answer: JSON = ["name": "Jane Example", "consent": true]
        try server.anonymous.post("\(page)/sign", answer).problem(409, "invalid_transition")
        try server.anonymous.post("\(page)/decline", ["reason": "No"]).problem(409, "invalid_transition")
        #expect(try desk.contract(contract.id).text("status") == "sent")
    }

    @Test func `the portal says where it is signed, too`() throws {
        let desk = try desk(.dropboxSign, on: try agency()), client = try desk.agency.portalClient("Acme")
        let proposal = try proposal(desk.agency, 1, ["client_id": .string(client.record.id)])
        let contract = try desk.owner.post("/v1/contracts", ["proposal_id": .string(proposal.id)]).ok(201)
        try send(contract, desk.via, desk.agency).ok()
        _ = try desk.external(contract)
        let shown = try client.admin.get("/v1/portal/contracts/\(contract.id)").ok()
        let place = shown["sign_at"]
        #expect(place?.text("service") == "Dropbox Sign" && place?["open"] == true)
        #expect(
            place?.text("url").hasPrefix("https://app.hellosign.com/sign/") == true
                && shown["signature"] == nil)
        let answer: JSON = ["name": "Jane Example", "consent": true]
        try client.admin.post("/v1/portal/contracts/\(contract.id)/sign", answer).problem(409)
    }

    @Test func `without the service, or anybody to write to, nothing is sent`() throws {
        let agency = try agency(), contract = try draft(agency)
        try send(contract, "docusign", agency).problem(409, "conflict")
        #expect(try send(contract, "fax", agency).faults() == ["/via": "invalid_choice"])
        let desk = try desk(.dropboxSign, on: agency)
        try agency.owner.patch("/v1/contracts/\(contract.id)", ["contact_id": .null]).ok()
        #expect(try send(contract, "dropbox_sign", agency).faults() == ["/contact_id": "required"])
        #expect(try desk.contract(contract.id).text("status") == "draft" && desk.taken().isEmpty)
        let made = try send(contract, "built_in", agency).ok()
        #expect(made["signature"]?.text("via") == "built_in" && made["signature"]?["external_id"] == .null)
    }

    @Test func `a sandbox asks no service, and its contract is signed on the page`() throws {
        let box = try agency().sandbox("live")
        try box.readyToSend()
        let inside = Agency(server, ["access_token": JSON(box.owner.token)], email: "", password: "")
        let contract = try draft(inside)
        let sent = try send(contract, "docusign", inside).ok()
        #expect(sent["signature"]?.text("status") == "captured")
        #expect(
            try box.owner.every("/v1/tool-calls?tool=request_signature").map { $0.text("state") } == [
                "captured"
            ])
        let page = path(sent.text("public_url"))
        try server.anonymous.post("\(page)/sign", ["name": "Jane Example", "consent": true]).ok()
        #expect(try box.owner.get("/v1/contracts/\(contract.id)").ok().text("status") == "signed")
    }

    // MARK: Trouble

    @Test(arguments: Service.allCases)
    func `what may have arrived is looked up, not sent again`(_ via: Service) throws {
        let desk = try desk(via, on: try agency()), contract = try draft(desk.agency)
        // So that the next request is the one for the signature.
        try desk.owner.post("/v1/integrations/\(desk.integration.id)/test").ok()
        desk.service.next(.cutWithin(StandInAnswer(200, "{")))
        try send(contract, desk.via, desk.agency).ok()
        try eventuallyTrue("a lookup") {
            desk.service.requests.contains { $0.method == "GET" && $0.target.contains("sgr_") }
        }
        #expect(try desk.contract(contract.id)["signature"]?.text("status") == "waiting")
        let states = try desk.owner.every("/v1/tool-calls?tool=request_signature").map { $0.text("state") }
        #expect(states == ["unknown"])
        let posts = desk.service.requests.count { $0.method == "POST" && !$0.target.contains("oauth") }
        #expect(posts == 1, "it is asked for, and not sent again")
    }

    @Test func `what the service refuses fails, says why, and can go another way`() throws {
        let desk = try desk(.dropboxSign, on: try agency()), contract = try draft(desk.agency)
        desk.service.next(.answer(DropboxSignStandIn.failure(402, "payment_required", "Upgrade your plan")))
        try send(contract, desk.via, desk.agency).ok()
        try eventuallyTrue("the failure") {
            try desk.contract(contract.id)["signature"]?.text("status") == "failed"
        }
        let failed = try desk.contract(contract.id)
        #expect(failed["signature"]?["detail"]?.text?.contains("Upgrade your plan") == true)
        let sent = try send(contract, "built_in", desk.agency).ok()
        #expect(sent["signature"]?.text("via") == "built_in" && sent["message_id"]?.text != nil)
        #expect(sent.text("document_hash") != failed.text("document_hash"), "it says where it is signed")
    }

    @Test func `what wants to be asked later is, and a wrong key is a person's to mend`() throws {
        let desk = try desk(.dropboxSign, on: try agency()), contract = try draft(desk.agency)
        desk.service.next(.answer(429, "", headers: [("Retry-After", "1")]))
        try send(contract, desk.via, desk.agency).ok()
        _ = try desk.external(contract)
        #expect(desk.taken().count == 1)
        let second = try draft(desk.agency, 2)
        desk.service.next(.answer(DropboxSignStandIn.failure(401, "unauthorized", "Unauthorized api key")))
        try send(second, desk.via, desk.agency).ok()
        let path = "/v1/integrations/\(desk.integration.id)"
        try eventuallyTrue("the alarm") { try desk.owner.get(path).ok().text("status") == "failing" }
        #expect(try desk.contract(second.id)["signature"]?.text("status") == "waiting")
    }

    @Test func `hooks that are forged or stale are refused, and others acknowledged in its own words`() throws
    {
        let agency = try agency(), standIn = try DropboxSignStandIn()
        let made = try connect(agency, .dropboxSign, standIn.service, ["api_key": .string(standIn.apiKey)])
        let type = "signature_request_all_signed", now = unixSeconds
        try server.deliver(standIn.event(type, "sr_1", at: now, key: "forged"), to: made)
            .problem(401, "signature_invalid")
        try server.deliver(standIn.event(type, "sr_1", at: now - 9 * 86_400), to: made)
            .problem(401, "signature_invalid")
        for _ in 0..<2 {
            let answer = try server.deliver(standIn.event(type, "sr_1", at: now), to: made)
            #expect(answer.status == 200 && answer.text.contains("Hello API Event Received"))
        }
        try eventuallyTrue("the receipt") {
            try agency.owner.every("/v1/hook-receipts").map { $0.text("status") } == ["ignored"]
        }
    }
}
