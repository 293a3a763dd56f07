import Foundation
import JSON
import Testing

/// Forms and surveys as strangers see them, in a real browser with axe looking on.
@Suite(.ownThread) struct FormBrowser {
    @Test
    func `a form says at once what is wrong, keeps what was chosen, and both pages are fit for everybody`()
        throws
    {
        let server = BureauProcess.shared, agency = try server.quietAgency(), owner = agency.owner
        let form = try owner.post(
            "/v1/forms",
            [
                "name": "Help",
                "fields": [
                    ["name": "email", "label": "E-mail", "type": "email", "required": true],
                    [
                        "name": "kind", "label": "Kind", "type": "choice", "required": true,
                        "choices": ["billing", "technical"],
                    ],
                    [
                        "name": "invoice_number", "label": "Invoice", "required": true,
                        "show_if": ["field": "kind", "equals": "billing"],
                    ],
                    ["name": "text", "label": "What is it?", "required": true],
                    ["name": "pictures", "label": "Pictures", "type": "file"],
                    ["name": "agreed", "label": "You may call me", "type": "boolean"],
                    ["name": "sites", "label": "How many sites?", "type": "number"],
                ],
            ]
        ).ok(201)
        let box = try agency.sandbox()
        try box.quieten()
        try box.owner.solveForSurvey()
        try box.advance("PT1H")
        let mail = try #require(try box.owner.every("/v1/messages?topic=survey").first).text("text")
        let start = try #require(mail.range(of: "/s/"))
        let survey = mail[start.lowerBound...].prefix { !$0.isWhitespace && !")>]".contains($0) }
        let base = "http://127.0.0.1:\(server.port)"
        let found = try inBrowser(
            "forms.py",
            [
                "form": .string("\(base)/forms/\(form.text("public_key"))"),
                "survey": .string("\(base)\(survey)"), "picture": .string(Samples.hex(Samples.png)),
                "program": .string(Samples.hex(Samples.program)),
            ])
        #expect(found == ["violations": [], "faults": []], "\(found.serialized)")
        let made = try #require(try owner.every("/v1/tickets").first)
        let file = try #require(made["attachments"]?.array?.first?.text)
        #expect(made["attachments"]?.array?.count == 1, "the program was not taken")
        let kept = try owner.get("/v1/files/\(file)").ok()
        #expect(kept.text("name") == "logo.png" && kept.text("media_type") == "image/png")
        #expect(try box.owner.every("/v1/survey-responses").map { $0["score"] } == [4])
    }
}

/// The smallest files of their kinds.
enum Samples {
    /// One transparent point.
    static let png: [UInt8] = [
        0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 0x0D, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 1, 0,
        0,
        0, 1, 8, 6, 0, 0, 0, 0x1F, 0x15, 0xC4, 0x89, 0, 0, 0, 0x0D, 0x49, 0x44, 0x41, 0x54, 0x78, 0x9C, 0x62,
        0,
        1, 0, 0, 5, 0, 1, 0x0D, 0x0A, 0x2D, 0xB4, 0, 0, 0, 0, 0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82,
    ]
    /// The beginning of a program of Linux.
    static let program: [UInt8] =
        [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0] + [UInt8](repeating: 0, count: 8) + [2, 0, 0x3E, 0, 1, 0, 0, 0]
        + [UInt8](repeating: 0, count: 40)

    static func hex(_ bytes: [UInt8]) -> String {
        bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
}
