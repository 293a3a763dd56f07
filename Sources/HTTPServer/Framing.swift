internal import CMicroHTTPD

/// How a request says where its body ends (RFC 9112 §6.3).
struct Framing {
    private(set) var fault: HTTPFault?
    private(set) var length: Int64?
    private(set) var isChunked = false
    private(set) var expectsContinue = false

    /// The library takes what is doubled or contradicts itself; a proxy in front may read it otherwise.
    init(_ head: RequestHead) {
        var hosts = 0
        var lengths = 0
        let fields = unsafe head.fields
        for index in unsafe 0..<fields.count {
            guard unsafe fields.isNameSound(index) else {
                fault = .badField
                return
            }
            switch unsafe fields[index].name_length {
            case 4: if unsafe fields.isNamed("host", index) { hosts += 1 }
            case 6:
                guard unsafe fields.isNamed("expect", index) else { continue }
                expectsContinue = unsafe equalIgnoringCase(
                    fields.text(fields[index].valueRange), "100-continue")
                if !expectsContinue { fault = .expectationFailed }
            case 14:
                guard unsafe fields.isNamed("content-length", index) else { continue }
                lengths += 1
                self.length = unsafe Int64(fields.text(fields[index].valueRange))
                // The library has read it as a number already.
                if self.length == nil { fault = .bodyTooLarge(limit: .max) }
            case 17:
                guard unsafe fields.isNamed("transfer-encoding", index) else { continue }
                let isPlain = unsafe equalIgnoringCase(fields.text(fields[index].valueRange), "chunked")
                if !isPlain || isChunked || head.httpVersion == .http10 { fault = .unsupportedCoding }
                isChunked = true
            default: continue
            }
        }
        if hosts > 1 { fault = .duplicateField("Host") }
        if hosts == 0, head.httpVersion == .http11 { fault = .missingHost }
        if lengths > 1 { fault = .duplicateField("Content-Length") }
        if lengths > 0, isChunked { fault = .lengthWithCoding }
    }

    var hasBody: Bool { isChunked || length ?? 0 > 0 }
}
