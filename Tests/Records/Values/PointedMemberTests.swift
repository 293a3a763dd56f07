import JSON
import Records
import Testing

@Suite struct PointedMemberTests {
    @Test(arguments: [
        ("/email", "email"), ("/items/0/price", "items[0].price"), ("/custom/a~1b", "custom.a/b"),
        ("/0/title", "0.title"), ("", "The value"),
    ])
    func `the member that a pointer leads to is written as people write it`(pointer: String, member: String) {
        #expect(pointer.pointedMember == member)
    }

    @Test func `a fault of a field names the field, what is wrong and what to send`() {
        var faults = Faults()
        let email = FieldKind.email.validated(
            .string("nobody"), at: "/to/0/email", siblings: [:], faults: &faults)
        #expect(email == nil)
        #expect(
            faults.list.map(\.detail) == ["to[0].email must be an email address, such as jane@example.com."])
    }
}
