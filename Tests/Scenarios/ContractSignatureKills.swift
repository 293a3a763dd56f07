import Foundation
import JSON
import StandIns
import Synchronization
import Testing

/// The server dies after it has asked a service and before it has booked the answer.
extension ContractSignatures {
    /// A desk on a server of its own, which may be killed, with a contract that is to be signed.
    private func killable(_ via: Service) throws -> (server: BureauProcess, desk: Desk, contract: JSON) {
        let server = try BureauProcess.start()
        let agency = try server.quietAgency()
        try agency.owner.patch("/v1/settings", ["postal_address": "1 Example Street", "quiet_hours": .null])
            .ok()
        return (server, try desk(via, on: agency), try KilledSigning(server: server).draft(agency))
    }

    /// Has the service asked, kills the server meanwhile, lets the question arrive, and starts the server again.
    private func kill(
        _ server: BureauProcess, asking desk: Desk, _ isAsked: @escaping (ReceivedRequest) -> Bool,
        hasArrived: () -> Bool, _ ask: () throws -> Void
    ) throws {
        let isHeld = Mutex(true)
        desk.service.next(.wait { while isHeld.withLock({ $0 }) { usleep(2000) } })
        try ask()
        try eventuallyTrue("the request", every: .milliseconds(2)) {
            desk.service.requests.contains(where: isAsked)
        }
        server.kill()
        isHeld.withLock { $0 = false }
        try eventuallyTrue("the service has it") { hasArrived() }
        try server.start()
    }

    private func states(_ tool: String, _ desk: Desk) throws -> [String] {
        try desk.owner.every("/v1/tool-calls?tool=\(tool)").map { $0.text("state") }
    }

    @Test func `killed between asking and hearing, it is found there and not sent again`() throws {
        let (server, desk, contract) = try killable(.dropboxSign)
        try kill(server, asking: desk, { $0.method == "POST" }, hasArrived: { desk.taken().count == 1 }) {
            try desk.owner.post("/v1/contracts/\(contract.id)/send", ["via": "dropbox_sign"]).ok()
        }
        #expect(try desk.external(contract) == desk.taken()[0])
        #expect(desk.taken().count == 1)
        #expect(try states("request_signature", desk) == ["succeeded"])
    }

    @Test(arguments: Service.allCases)
    func `killed between reminding and booking it, the server reminds nobody a second time`(
        _ via: Service
    ) throws {
        let (server, desk, contract) = try killable(via)
        try desk.owner.post("/v1/contracts/\(contract.id)/send", ["via": .string(desk.via)]).ok()
        let id = try desk.external(contract)
        let isReminder: (ReceivedRequest) -> Bool = {
            $0.target.contains("/remind/") || $0.target.contains("resend_envelope")
        }
        try kill(server, asking: desk, isReminder, hasArrived: { desk.reminded() == [id] }) {
            try desk.owner.post("/v1/contracts/\(contract.id)/remind").ok()
        }
        try eventuallyTrue("the end of the job") {
            try desk.owner.every("/v1/jobs?kind=signature.remind").map { $0.text("state") } == ["completed"]
        }
        #expect(desk.reminded() == [id])
        #expect(desk.service.requests.count(where: isReminder) == 1)
        #expect(try states("remind_signature", desk) == ["unknown"], "nobody knows here whether it left")
        #expect(try desk.contract(contract.id)["signature"]?["reminders"] == 1)
    }
}

/// The steps of selling on a server that a test kills.
private struct KilledSigning: SellingSteps {
    let server: BureauProcess

    func draft(_ agency: Agency) throws -> JSON {
        let (proposal, page) = try sent(agency)
        try server.anonymous.post("\(page)/accept", ["name": "Jane Example", "consent": true]).ok()
        return try agency.owner.post("/v1/contracts", ["proposal_id": .string(proposal.id)]).ok(201)
    }
}
