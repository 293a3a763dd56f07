internal import CPostgreSQL

/// The rows of one statement, all of them here already, in the protocol's binary form.
@safe final class PostgreSQLResult {
    /// Of the built-in types that a query may give.
    enum TypeID {
        static let bool: UInt32 = 16, blob: UInt32 = 17, int64: UInt32 = 20, int16: UInt32 = 21,
            int32: UInt32 = 23
        static let text: UInt32 = 25, objectID: UInt32 = 26, float: UInt32 = 700, double: UInt32 = 701
        static let shortText: UInt32 = 1043, numeric: UInt32 = 1700
    }

    private let handle: OpaquePointer
    private let types: [UInt32]
    let rowCount: Int32
    /// The row that a `Row` reads.
    var row: Int32 = 0

    /// Takes the handle over.
    init(_ handle: OpaquePointer) {
        unsafe self.handle = unsafe handle
        rowCount = unsafe PQntuples(handle)
        types = unsafe (0..<PQnfields(handle)).map { unsafe PQftype(handle, $0) }
    }

    deinit { unsafe PQclear(handle) }

    var columnCount: Int { types.count }

    /// Rows that an INSERT, UPDATE or DELETE changed; 0 for any other statement.
    var changedRows: Int {
        let command = unsafe String(cString: PQcmdStatus(handle))
        guard ["INSERT", "UPDATE", "DELETE"].contains(where: command.hasPrefix) else { return 0 }
        return Int(unsafe String(cString: PQcmdTuples(handle))) ?? 0
    }

    func isNull(_ column: Int) -> Bool {
        guard column < types.count else { return true }
        return unsafe PQgetisnull(handle, row, Int32(column)) != 0
    }

    /// The value's bytes; none for null. Good as long as the result.
    private func bytes(_ column: Int) -> UnsafeRawBufferPointer {
        guard column < types.count, let start = unsafe PQgetvalue(handle, row, Int32(column)) else {
            return unsafe UnsafeRawBufferPointer(start: nil, count: 0)
        }
        return unsafe UnsafeRawBufferPointer(
            start: start, count: Int(PQgetlength(handle, row, Int32(column))))
    }

    func int64(_ column: Int) -> Int64 {
        guard !isNull(column) else { return 0 }
        let bytes = unsafe bytes(column)
        switch types[column] {
        case TypeID.int64: return unsafe Int64(bigEndian: bytes.loadUnaligned(as: Int64.self))
        case TypeID.int32: return Int64(unsafe Int32(bigEndian: bytes.loadUnaligned(as: Int32.self)))
        case TypeID.int16: return Int64(unsafe Int16(bigEndian: bytes.loadUnaligned(as: Int16.self)))
        case TypeID.objectID: return Int64(unsafe UInt32(bigEndian: bytes.loadUnaligned(as: UInt32.self)))
        case TypeID.bool: return unsafe bytes[0] == 0 ? 0 : 1
        case TypeID.double, TypeID.float: return Int64(clamping: double(column))
        case TypeID.numeric:
            let number = unsafe PostgreSQLNumeric(bytes)
            return number.integer ?? Int64(clamping: number.double)
        default: return unsafe leadingInteger(bytes)
        }
    }

    func double(_ column: Int) -> Double {
        guard !isNull(column) else { return 0 }
        let bytes = unsafe bytes(column)
        switch types[column] {
        case TypeID.double:
            return Double(bitPattern: unsafe UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)))
        case TypeID.float:
            return Double(Float(bitPattern: unsafe UInt32(bigEndian: bytes.loadUnaligned(as: UInt32.self))))
        case TypeID.numeric: return unsafe PostgreSQLNumeric(bytes).double
        case TypeID.int64, TypeID.int32, TypeID.int16, TypeID.bool, TypeID.objectID:
            return Double(int64(column))
        default: return unsafe Double(String(decoding: bytes, as: UTF8.self)) ?? Double(leadingInteger(bytes))
        }
    }

    /// Returns the value of a column, as SQLite would give it: a number is an integer when it is whole and its type
    /// says so.
    func value(_ column: Int) -> SQLValue {
        guard !isNull(column) else { return .null }
        switch types[column] {
        case TypeID.int64, TypeID.int32, TypeID.int16, TypeID.bool, TypeID.objectID:
            return .integer(int64(column))
        case TypeID.double, TypeID.float: return .real(double(column))
        case TypeID.numeric:
            let number = unsafe PostgreSQLNumeric(bytes(column))
            return number.integer.map(SQLValue.integer) ?? .real(number.double)
        case TypeID.blob: return .blob(blob(column))
        default: return .text(unsafe String(decoding: bytes(column), as: UTF8.self))
        }
    }

    func cell(_ column: Int) -> Row.Cell {
        guard !isNull(column) else { return unsafe .null }
        switch types[column] {
        case TypeID.int64, TypeID.int32, TypeID.int16, TypeID.bool, TypeID.objectID:
            return unsafe .integer(int64(column))
        case TypeID.double, TypeID.float: return unsafe .real(double(column))
        case TypeID.numeric:
            let number = unsafe PostgreSQLNumeric(bytes(column))
            return unsafe number.integer.map { unsafe .integer($0) } ?? .real(number.double)
        default: return unsafe .bytes(bytes(column).bindMemory(to: UInt8.self))
        }
    }

    func withText<T, E>(
        _ column: Int, _ body: (UnsafeBufferPointer<UInt8>) throws(E) -> T
    ) throws(E) -> T {
        guard !isNull(column) else { return try unsafe body(UnsafeBufferPointer(start: nil, count: 0)) }
        let written: String
        switch types[column] {
        case TypeID.int64, TypeID.int32, TypeID.int16, TypeID.bool, TypeID.objectID:
            written = String(int64(column))
        case TypeID.double, TypeID.float: written = String(double(column))
        case TypeID.numeric:
            let number = unsafe PostgreSQLNumeric(bytes(column))
            written = number.integer.map { String($0) } ?? String(number.double)
        default: return try unsafe body(bytes(column).bindMemory(to: UInt8.self))
        }
        let digits = Array(written.utf8)
        return try unsafe digits.withUnsafeBufferPointer { (text) throws(E) -> T in try unsafe body(text) }
    }

    func blob(_ column: Int) -> [UInt8] { unsafe Array(bytes(column)) }
}

/// A number of any length, which sums of 64-bit integers come as: digits of base 10,000 and where the point is.
struct PostgreSQLNumeric {
    /// `nil` with digits after the point, or beyond 64 bits.
    private(set) var integer: Int64?
    private(set) var double: Double

    init(_ bytes: UnsafeRawBufferPointer) {
        func word(_ index: Int) -> Int {
            Int(unsafe Int16(bigEndian: bytes.loadUnaligned(fromByteOffset: index * 2, as: Int16.self)))
        }
        guard bytes.count >= 8 else {
            (integer, double) = (0, 0)
            return
        }
        let (count, weight) = (word(0), word(1))
        let isNegative = word(2) & 0x4000 != 0
        var (magnitude, isWhole): (Int64, Bool) = (0, true)
        double = 0
        for index in 0..<max(0, count) {
            let digit = word(4 + index)
            double = double * 10_000 + Double(digit)
            guard index <= weight else {
                isWhole = isWhole && digit == 0
                continue
            }
            let (scaled, overflow) = magnitude.multipliedReportingOverflow(by: 10_000)
            let (sum, carry) = scaled.addingReportingOverflow(Int64(digit))
            (magnitude, isWhole) = (sum, isWhole && !overflow && !carry)
        }
        var exponent = weight - count + 1
        // Digits that are left out at the end are noughts.
        while exponent > 0 {
            let (scaled, overflow) = magnitude.multipliedReportingOverflow(by: 10_000)
            (magnitude, isWhole, double) = (scaled, isWhole && !overflow, double * 10_000)
            exponent -= 1
        }
        while exponent < 0 { (double, exponent) = (double / 10_000, exponent + 1) }
        if isNegative { double = -double }
        integer = isWhole ? (isNegative ? -magnitude : magnitude) : nil
    }
}

extension Int64 {
    /// Cut to a whole number that fits.
    fileprivate init(clamping value: Double) {
        if value.isNaN {
            self = 0
        } else if value >= 0x1p63 {
            self = .max
        } else if value < -0x1p63 {
            self = .min
        } else {
            self = Int64(value)
        }
    }
}

/// A text read as far as it is a whole number.
private func leadingInteger(_ bytes: UnsafeRawBufferPointer) -> Int64 {
    let text = unsafe String(decoding: bytes, as: UTF8.self)
    let sign = text.utf8.first == UInt8(ascii: "-") ? 1 : 0
    let digits = text.utf8.dropFirst(sign).prefix { (0x30...0x39).contains($0) }
    return Int64(text.utf8.prefix(sign + digits.count).map { String(Unicode.Scalar($0)) }.joined()) ?? 0
}
