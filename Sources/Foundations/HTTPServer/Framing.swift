/// The way in which a request says where its body ends (RFC 9112 §6.3).
struct Framing {
    var length: Int64?
    var isChunked = false
    var expectsContinue = false

    var hasBody: Bool { isChunked || length ?? 0 > 0 }
}
