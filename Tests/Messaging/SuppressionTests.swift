import Testing

@testable import People

@Suite struct SuppressionTests {
    @Test(arguments: [
        (" Jane@Example.COM ", Channel.email, "jane@example.com"), ("@Example.COM", .email, "@example.com"),
        (" @example.com", .email, "@example.com"), ("+1 (415) 555-2671", .sms, "+14155552671"),
        ("+14155552671", .whatsapp, "+14155552671"), (" Some One ", .telegram, "Some One"),
        ("not an address", .email, "not an address"),
    ])
    func `spellings of one address share a form`(given: String, channel: Channel, normal: String) {
        #expect(Suppression.normal(given, channel) == normal)
        #expect(Suppression.normal(normal, channel) == normal, "which is its own form")
    }

    @Test(
        arguments: [
            (Suppression.Reason.unsubscribe, nil, Suppression.Scope.marketing), (.manual, nil, .all),
            (.bounce, nil, .all), (.complaint, nil, .all), (.manual, .marketing, .marketing),
            (.unsubscribe, .all, .all),
        ] as [(Suppression.Reason, Suppression.Scope?, Suppression.Scope)])
    func `what it covers follows from the reason, unless it says`(
        reason: Suppression.Reason, scope: Suppression.Scope?, covers: Suppression.Scope
    ) {
        var suppression = Suppression()
        (suppression.reason, suppression.scope) = (reason, scope)
        #expect(suppression.covers == covers)
        suppression.derive()
        #expect(suppression.scope == covers)
    }

    @Test func `consent comes first in those countries whose law protects companies, too`() {
        for country in ["DE", "AT", "PL", "IT", "TR"] {
            #expect(ConsentRule.standard(in: country) == .consent)
        }
        for country in ["US", "GB", "FR", "IE"] {
            #expect(ConsentRule.standard(in: country) == .legitimateInterest)
        }
        #expect(ConsentRule.standard(in: nil) == .legitimateInterest)
    }
}
