import Testing

@testable import Support

@Suite struct FormFieldTests {
    @Test func `that hold what somebody writes at length are known by their names, English first`() {
        let names = FormField.textNames
        #expect(names.prefix(3) == ["text", "message", "body"])
        for name in ["nachricht", "demande", "mensaje", "messaggio", "mensagem", "bericht"] {
            #expect(names.contains(name), "\(name)")
        }
        #expect(!names.contains("email") && !names.contains("name"))
    }
}
