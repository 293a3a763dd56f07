internal import Agents
internal import Database
internal import Integrations
internal import Jobs
internal import Nouns
internal import Records

// The tools under which the gate keeps calls of payment services. Nobody calls them by their names: a payer's click, an
// invoice that is paid and a refund that somebody asks for reach for them.

struct CreatePaymentLinkTool: ExecutorTool {
    typealias Input = NoToolInput

    static let name = "create_payment_link"
    let title = "Create a payment link"
    let summary =
        "Opens the page of a payment service on which an invoice is paid, when its client asks for it."
    let effect = ToolClass.sends
}

struct ClosePaymentLinkTool: ExecutorTool {
    typealias Input = NoToolInput

    static let name = "close_payment_link"
    let title = "Close a payment link"
    let summary =
        "Closes the page on which an invoice was to be paid that is paid otherwise, void or changed."
    let effect = ToolClass.sends
}

struct RefundPaymentTool: ExecutorTool {
    typealias Input = NoToolInput

    static let name = "refund_payment"
    let title = "Refund a payment"
    let summary = "Has the service that took a payment in give money back, when a person asks for it."
    let effect = ToolClass.spends
}

func paymentTools(_ registration: inout JobRegistration) {
    registration.add(CreatePaymentLinkTool())
    registration.add(ClosePaymentLinkTool())
    registration.add(RefundPaymentTool())
    let tools = [CreatePaymentLinkTool.name, ClosePaymentLinkTool.name, RefundPaymentTool.name]
    registration.questions.addConnectors(of: tools) { reader in
        try reader.reading.integrations.all(for: .payments).map(\.id)
    }
}
