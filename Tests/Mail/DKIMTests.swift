import Cryptography
import JSON
import Mail
import StandIns
import Telemetry
import Testing

@Suite struct `A DKIM signature` {
    private static let moment = Instant(seconds: 1_700_000_000)
    private static let rsa = SigningKey(generating: .rsa), ed25519 = SigningKey(generating: .ed25519)

    private func signer(_ key: SigningKey) throws -> DKIMSigner {
        try DKIMSigner(domain: "agency.example", selector: "s1", privateKeyPEM: key.pem)
    }

    private func bodyHash(_ body: String) throws -> String? {
        let mail = Array("From: a@agency.example\r\n\r\n\(body)".utf8)
        let header = try signer(Self.ed25519).signed(mail, at: Self.moment).header("DKIM-Signature") ?? ""
        return header.components(separatedBy: "bh=").last?.components(separatedBy: ";").first
    }

    private func verified(_ mail: [UInt8], _ signers: DKIMSigner...) throws -> [Bool] {
        let records = JSONObject(signers.map { ($0.recordName, .string($0.record)) })
        return try Python.run("dkim_verify.py", mail, .object(records)).array?.compactMap(\.flag) ?? []
    }

    @Test func `hashes the relaxed body`() throws {
        #expect(
            try bodyHash("Hi  there \r\n\tok\r\n\r\n\r\n") == "TxnF+wkU2D27A9McB8bY5asQe0c8MTJlOLJytzJVRIY=")
        for empty in ["", "\r\n", "\r\n\r\n", " \t\r\n"] {
            #expect(
                try bodyHash(empty) == "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
                "\(empty.debugDescription)")
        }
    }

    @Test(arguments: [SigningKey.Kind.rsa, .ed25519])
    func `is verified by another implementation, and not after a change`(kind: SigningKey.Kind) throws {
        let signer = try signer(kind == .rsa ? Self.rsa : Self.ed25519)
        let meeting = try invitation()
        let mail = try sampleMail {
            $0.subject = HeaderText(
                cleaning:
                    "Grüße   aus  Köln, mit einem langen Betreff, der gefaltet werden muss, weil er lang ist")
            $0.text = "Zeile   mit  Blanks   \n\n.\n..\nFrom here\n\n\n\n"
            $0.html = "<p>Grüße</p>\n"
            $0.invitation = meeting
            $0.unsubscribe = .init(url: "https://u.agency.example/u/T", address: "u@in.agency.example")
            $0.references = (1...30).map { InternetMessageID("m\($0)@example.com")! }
        }
        let signed = signer.signed(mail.mime(), at: Self.moment)
        #expect(try verified(signed, signer) == [true])
        for line in signed.text.components(separatedBy: "\r\n") { #expect(line.utf8.count <= 78) }
        // Another subject, another body, a second From above the first, a subject where there are two already.
        let text = signed.text
        for changed in [
            text.replacing("Subject: =", with: "Subject: x ="), text.replacing("Zeile", with: "Zeiler"),
            text.replacing("From: ", with: "From: evil@example.com\r\nFrom: "),
            text.replacing("Date: ", with: "Subject: other\r\nDate: "),
            text.replacing("List-Unsubscribe-Post: ", with: "List-Unsubscribe-Post: x"),
            text.replacing("t=1700000000", with: "t=1700000001"),
        ] {
            #expect(changed != text)
            #expect(try verified(Array(changed.utf8), signer) == [false])
        }
        // Relays may change blanks and the folding.
        #expect(
            try verified(Array(text.replacing("To: Jane", with: "to:   \r\n  Jane").utf8), signer) == [true])
        #expect(try verified(signed, try self.signer(SigningKey(generating: kind))) == [false])
    }

    @Test func `stands beside another one`() throws {
        let (first, second) = (
            try signer(Self.rsa), try DKIMSigner(domain: "agency.example", selector: "s2", key: Self.ed25519)
        )
        let signed = second.signed(first.signed(try sampleMail().mime(), at: Self.moment), at: Self.moment)
        #expect(try verified(signed, first, second) == [true, true])
    }

    @Test func `covers the headers of one-click unsubscribing, and those that must not come twice`() throws {
        let mail = try sampleMail { $0.unsubscribe = .init(url: "https://u.agency.example/u/T") }
        let header = try #require(
            try signer(Self.rsa).signed(mail.mime(), at: Self.moment).header("DKIM-Signature"))
        let names = header.components(separatedBy: "h=")[1].components(separatedBy: ";")[0].filter {
            $0 != " "
        }
        #expect(
            names
                == "from:from:to:to:subject:subject:date:message-id:mime-version:content-type:list-unsubscribe:"
                + "list-unsubscribe-post")
        #expect(
            header.hasPrefix("v=1; a=rsa-sha256; c=relaxed/relaxed; d=agency.example; s=s1; t=1700000000; h=")
        )
    }

    @Test func `has a record that DNS can hold`() throws {
        let rsa = try signer(Self.rsa), ed25519 = try signer(Self.ed25519)
        #expect(rsa.recordName == "s1._domainkey.agency.example")
        #expect(rsa.recordStrings.count == 2 && rsa.recordStrings.joined() == rsa.record)
        #expect(rsa.recordStrings.allSatisfy { $0.utf8.count <= 255 })
        #expect(rsa.record.hasPrefix("v=DKIM1; k=rsa; p=MIIBIjAN"))
        #expect(ed25519.record == "v=DKIM1; k=ed25519; p=" + Base64.encode(Self.ed25519.rawPublicKey ?? []))
        #expect(ed25519.recordStrings.count == 1)
        #expect(
            try DKIMSigner(domain: "Bücher.example", selector: "s", key: Self.rsa).domain
                == "xn--bcher-kva.example")
    }

    @Test func `is not made with what is no name or no key`() {
        for (domain, selector) in [
            ("agency", "s1"), ("a b.example", "s1"), ("a.example;d=b.example", "s1"), ("a.example", "s\r\n1"),
            ("a.example", ""), ("a..example", "s1"), ("-a.example", "s1"),
        ] {
            #expect(throws: DKIMError.malformedName) {
                try DKIMSigner(domain: domain, selector: selector, key: Self.ed25519)
            }
        }
        #expect(throws: DKIMError.key(.malformed)) {
            try DKIMSigner(domain: "a.example", selector: "s", privateKeyPEM: "secret")
        }
    }
}
