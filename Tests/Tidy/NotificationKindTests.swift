import Testing

/// Code that sends a new kind of notifications lets people choose of it.
struct `Kinds of notifications` {
    @Test func `that are declared are offered`() {
        let texts = Project.sources.map(\.text)
        let declared = texts.filter { $0.has("NotificationKind(") }.flatMap { text in
            text.matches(of: /static let (\w+) = NotificationKind\(/).map { String($0.1) }
        }
        let offered = texts.filter {
            $0.contains("NotificationKind]") || $0.contains("ModuleOffer(NotificationKind")
        }
        // A test goes wherever everything goes.
        let names = Set(offered.flatMap { $0.matches(of: /[\[\s]\.(\w+)[,\]]/).map { String($0.1) } })
        let missing = declared.filter { $0 != "test" && !names.contains($0) }
        #expect(declared.count > 15)
        expectNone(missing, "Add these to the module's ModuleOffer(NotificationKind.self):")
    }
}
