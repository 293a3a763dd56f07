internal import CSQLite
import Nouns

/// A statement ready to be bound and stepped.
@safe final class PreparedStatement {
    let handle: OpaquePointer
    let text: String
    let isReadOnly: Bool
    /// Whether it changes the schema, for which SQLite counts no row.
    let changesSchema: Bool
    /// The highest n of `$n`.
    private(set) var parameterCount = 0
    /// SQLite's index of `$n` at n − 1, or 0 when the text skips that number.
    private var places: [Int32] = []
    /// Between the first step and the reset: not to be stepped by someone else.
    var isBusy = false
    var lastUse: UInt64 = 0
    private(set) var holdsLargeValue = false

    /// Takes the handle over, also when it throws.
    init(_ handle: OpaquePointer, _ text: String) throws(DatabaseError) {
        unsafe self.handle = unsafe handle
        self.text = text
        isReadOnly = unsafe sqlite3_stmt_readonly(handle) != 0
        changesSchema = !isReadOnly && Self.schemaCommands.contains(Self.firstWord(of: text))
        let count = unsafe sqlite3_bind_parameter_count(handle)
        for index in 0..<count {
            guard let name = unsafe sqlite3_bind_parameter_name(handle, index + 1), unsafe name[0] == 0x24,
                let number = Int(unsafe String(cString: name + 1)), (1...32_766).contains(number)
            else { throw .invalid("a parameter that is not $1, $2, … in: \(text)") }
            if places.count < number {
                places.append(contentsOf: repeatElement(0, count: number - places.count))
            }
            places[number - 1] = index + 1
        }
        parameterCount = places.count
    }

    private static let schemaCommands: Set = ["CREATE", "DROP", "ALTER"]

    private static func firstWord(of text: String) -> String {
        let letters = text.utf8.drop { $0 <= 0x20 }.prefix { ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7A }
        return String(decoding: letters, as: UTF8.self).uppercased()
    }

    deinit { unsafe sqlite3_finalize(handle) }

    func bind(_ value: SQLValue, to number: Int) -> Int32 {
        let place = places[number]
        guard place > 0 else { return SQLITE_OK }
        switch value {
        case .null: return unsafe sqlite3_bind_null(handle, place)
        case .integer(let value): return unsafe sqlite3_bind_int64(handle, place, value)
        case .real(let value): return unsafe sqlite3_bind_double(handle, place, value)
        case .text(var value):
            return value.withUTF8 { unsafe bind($0, at: place) }
        case .id(let value): return unsafe value.withUTF8 { unsafe bind($0, at: place) }
        case .blob(let value):
            noteSize(value.count)
            // A null pointer would bind NULL, and an empty array may have one.
            guard !value.isEmpty else { return unsafe sqlite3_bind_zeroblob(handle, place, 0) }
            return unsafe value.withUnsafeBytes { bytes in
                unsafe bureau_sqlite_bind_blob(handle, place, bytes.baseAddress, UInt64(bytes.count))
            }
        }
    }

    /// Binds bytes that are UTF-8 as a text.
    func bind(text: [UInt8], to number: Int) -> Int32 {
        let place = places[number]
        guard place > 0 else { return SQLITE_OK }
        return unsafe text.withUnsafeBufferPointer { unsafe bind($0, at: place) }
    }

    private func noteSize(_ bytes: Int) {
        if bytes > SQLiteConnection.keptBindingSize { holdsLargeValue = true }
    }

    private func bind(_ text: UnsafeBufferPointer<UInt8>, at place: Int32) -> Int32 {
        noteSize(text.count)
        guard let start = text.baseAddress else {
            return unsafe bureau_sqlite_bind_text(handle, place, "", 0)
        }
        return unsafe bureau_sqlite_bind_text(
            handle, place, UnsafeRawPointer(start).assumingMemoryBound(to: CChar.self), UInt64(text.count))
    }

    func clearBindings() {
        unsafe sqlite3_clear_bindings(handle)
        holdsLargeValue = false
    }
}
