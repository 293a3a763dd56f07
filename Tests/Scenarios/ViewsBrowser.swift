import JSON
import Testing

/// Every view of the sample agency in a real browser, with axe looking on, and buttons that no other walk presses.
@Suite(.ownThreadFirst) struct ViewsBrowser {
    @Test func `no view of the sample agency has a fault that axe finds, by day or by night`() throws {
        let demo = BureauProcess(command: "demo")
        try demo.start()
        let (owner, password) = (try demo.sampleOwner(), try demo.samplePassword())
        // The last of what agents and jobs make of it, so that the lists are not empty.
        try eventuallyTrue("the issues of the data to be found") {
            try !owner.get("/v1/quality-issues?limit=1").ok().items.isEmpty
        }
        var plan: JSONObject = [
            "url": .string("http://127.0.0.1:\(demo.port)"), "email": "olive@lighthouse.example",
            "password": .string(password),
        ]
        try report("views.py", plan)
        // Of a view that no other walk works with, every button answers.
        plan["only"] =
            "^#/(insights/|settings/(approvals|tools|usage)|quality-issues/|competitors/|contacts/|clients/)"
        plan["places"] = []
        try report("buttons.py", plan)
    }

    private func report(_ script: String, _ plan: JSONObject) throws {
        let found = try inBrowser(script, plan)
        for violation in found["violations"]?.array ?? [] { Issue.record("\(violation.serialized)") }
        for fault in found["faults"]?.array ?? [] { Issue.record("\(fault.text ?? "")") }
    }
}
