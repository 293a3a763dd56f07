/// The models of texts. Each learns from the module's examples when it is first asked, which takes some tenths of a
/// second; whoever asks meanwhile waits for it.
package enum TextModels {
    /// Trains those that are not trained yet. A server does so in the background when it has started.
    package static func train() {
        for model in all { model() }
    }

    private static let all: [@Sendable () -> Void] = [
        { _ = HandoverReader.model },
        { _ = InjectionCheck.model },
        { _ = ReplyClassifier.standard },
        { _ = TicketReader.standard },
    ]
}
