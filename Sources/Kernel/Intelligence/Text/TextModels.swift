/// The models of texts that are trained from the module's examples when they are first asked.
package enum TextModels {
    /// Trains all of them, so that nobody who writes first has to wait for it.
    package static func warmUp() {
        _ = HandoverRequest.model
        _ = InjectionCheck.model
        _ = ReplyClassifier.standard
        _ = TicketReader.standard
    }
}
