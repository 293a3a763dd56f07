internal import CResolv
internal import Glibc

/// The contents of a record, as far as anybody asks.
struct DNSRecord: Sendable {
    /// Of addresses and texts.
    var bytes: [UInt8]
    /// Of what names something.
    var name: String?
    var preference: UInt16 = 0

    /// The records of a type in an answer; `nil` where it is no message.
    static func read(_ message: [UInt8], _ type: Int32) -> [DNSRecord]? {
        unsafe message.withUnsafeBufferPointer { bytes in
            var parsed = unsafe ns_msg()
            guard unsafe ns_initparse(bytes.baseAddress, Int32(bytes.count), &parsed) == 0 else { return nil }
            var records: [DNSRecord] = []
            for index in 0..<(unsafe bureau_resolv_count(&parsed)) {
                var record = unsafe ns_rr()
                guard unsafe ns_parserr(&parsed, ns_s_an, index, &record) == 0 else { return nil }
                guard unsafe bureau_resolv_type(&record) == type,
                    let data = unsafe bureau_resolv_data(&record)
                else {
                    continue
                }
                let size = Int(unsafe bureau_resolv_size(&record))
                var found = DNSRecord(bytes: unsafe Array(UnsafeBufferPointer(start: data, count: size)))
                // A name may lead back into what stood before, so that it is read where it is.
                let start = type == ns_t_mx.rawValue ? 2 : 0
                if type == ns_t_mx.rawValue || type == ns_t_ptr.rawValue {
                    guard size > start else { return nil }
                    var name = [CChar](repeating: 0, count: Int(NS_MAXDNAME))
                    guard unsafe bureau_resolv_name(&parsed, data + start, &name, Int32(name.count)) > 0
                    else { return nil }
                    found.name = String(
                        decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
                    if start == 2 { found.preference = UInt16(found.bytes[0]) << 8 | UInt16(found.bytes[1]) }
                }
                records.append(found)
            }
            return records
        }
    }

    /// Its parts, each behind its length, put together.
    var text: String? {
        var text: [UInt8] = [], place = 0
        while place < bytes.count {
            let end = place + 1 + Int(bytes[place])
            guard end <= bytes.count else { return nil }
            text += bytes[(place + 1)..<end]
            place = end
        }
        return String(decoding: text, as: UTF8.self)
    }

    var exchange: DNSMailExchange? {
        name.map { DNSMailExchange(preference: preference, host: $0 == "." ? "" : $0.lowercased()) }
    }

    var address: IPAddress? {
        let bits = bytes.reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
        return switch bytes.count {
        case 4: IPAddress(v4: UInt32(bits))
        case 16: IPAddress(v6: bits)
        default: nil
        }
    }
}
