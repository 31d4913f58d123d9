/// The tokens of a tokenizer and their ids, in both directions.
///
/// The bytes of all tokens lie in one buffer. Tokens of the model are found by the bytes that they stand for, in a hash
/// table with open addressing that holds half of the hash beside the id, so that a probe rarely reads a token that is not
/// the one; the few tokens that contain a character outside the byte alphabet, and those that were added to the model, are
/// found by their text in a dictionary.
struct Vocabulary: Sendable {
    /// How tokenizer.json writes the tokens of the model.
    enum Alphabet: Sendable {
        /// Each character stands for a byte: ``ByteAlphabet``.
        case bytes
        /// As the text that they are.
        case text
    }

    /// How the tokens of the model are written.
    let alphabet: Alphabet

    init(alphabet: Alphabet = .bytes) { self.alphabet = alphabet }

    /// Ids must be below this: a larger one in a file is a mistake, and would cost memory for all ids before it.
    static let idLimit = 1 << 22

    /// Where the bytes of a token lie; the length is negative for an id without a token.
    private struct Entry: Sendable {
        var offset: UInt32
        var length: Int32
        static let absent = Entry(offset: 0, length: -1)
    }

    private var storage: [UInt8] = []
    private var entries: [Entry] = []
    /// Slots of the table: the upper half of the hash, and the id plus one; zero is an empty slot.
    private var slots = [UInt64](repeating: 0, count: 1024)
    private var used = 0
    private var literals: [[UInt8]: Int32] = [:]
    private var literalIDs: Set<Int32> = []

    /// How many tokens there are.
    private(set) var count = 0

    /// One more than the largest id.
    var idBound: Int { entries.count }

    /// Whether a token has this id.
    func contains(_ id: Int) -> Bool { entries.indices.contains(id) && entries[id].length >= 0 }

    /// Calls `body` with the bytes that a token stands for in a text, or returns nil when there is no such token.
    func withBytes<Result>(of id: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result? {
        guard contains(id) else { return nil }
        let entry = entries[id]
        return storage.withUnsafeBufferPointer { storage in
            let start = Int(entry.offset)
            return body(UnsafeBufferPointer(rebasing: storage[start..<start + Int(entry.length)]))
        }
    }

    /// The token with this id as tokenizer.json writes it.
    func text(of id: Int) -> String? {
        let isText = alphabet == .text || literalIDs.contains(Int32(truncatingIfNeeded: id))
        return withBytes(of: id) {
            isText ? String(decoding: $0, as: UTF8.self) : ByteAlphabet.text(of: $0)
        }
    }

    /// The id of the token of the model that stands for exactly these bytes.
    func id(ofBytes bytes: UnsafeBufferPointer<UInt8>) -> Int32? {
        let hash = Self.hash(bytes)
        let mask = slots.count - 1
        var index = Int(truncatingIfNeeded: hash) & mask
        while slots[index] != 0 {
            if slots[index] >> 32 == hash >> 32 {
                let id = Int32(truncatingIfNeeded: slots[index] & 0xFFFF_FFFF) - 1
                if withBytes(of: Int(id), { Self.equal($0, bytes) }) == true { return id }
            }
            index = (index + 1) & mask
        }
        return nil
    }

    /// The id of a token as tokenizer.json writes it, in UTF-8.
    func id(ofToken token: UnsafeBufferPointer<UInt8>) -> Int32? {
        if !literals.isEmpty, let id = literals[Array(token)] { return id }
        if alphabet == .text { return id(ofBytes: token) }
        var bytes: [UInt8] = []
        guard ByteAlphabet.appendBytes(of: token, to: &bytes) else { return nil }
        return bytes.withUnsafeBufferPointer { id(ofBytes: $0) }
    }

    /// The id of a token as tokenizer.json writes it.
    func id(ofToken token: String) -> Int32? {
        var token = token
        return token.withUTF8 { id(ofToken: $0) }
    }
}

extension Vocabulary {
    /// What stands in the way of a new token.
    enum Conflict: Error {
        /// The id is negative or not below ``idLimit``.
        case idOutOfRange
        /// The id has a token already.
        case duplicateID
        /// The token is there already.
        case duplicateToken
    }

    /// Adds a token of the model, as tokenizer.json writes it, in UTF-8.
    mutating func insert(_ token: UnsafeBufferPointer<UInt8>, id: Int) throws(Conflict) {
        if alphabet == .text { return try insert(bytes: token, id: id) }
        let offset = storage.count
        if ByteAlphabet.appendBytes(of: token, to: &storage) {
            try insertStored(from: offset, id: id)
        } else {
            try insertLiteral(token, id: id)
        }
    }

    /// Adds a token of the model by the bytes that it stands for.
    mutating func insert(bytes: UnsafeBufferPointer<UInt8>, id: Int) throws(Conflict) {
        let offset = storage.count
        storage.append(contentsOf: bytes)
        try insertStored(from: offset, id: id)
    }

    /// Adds the token whose bytes are the last of the storage.
    private mutating func insertStored(from offset: Int, id: Int) throws(Conflict) {
        let isNew = storage.withUnsafeBufferPointer {
            self.id(ofBytes: UnsafeBufferPointer(rebasing: $0[offset...])) == nil
        }
        guard isNew else { throw .duplicateToken }
        try setEntry(id, from: offset)
        if used * 2 >= slots.count { growTable() }
        place(Int32(id))
    }

    /// Adds a token that stands for its text and is found by it: one that was added to the model, or one with a character
    /// outside the byte alphabet.
    mutating func insertLiteral(_ token: UnsafeBufferPointer<UInt8>, id: Int) throws(Conflict) {
        let text = Array(token)
        guard literals[text] == nil else { throw .duplicateToken }
        let offset = storage.count
        storage.append(contentsOf: text)
        try setEntry(id, from: offset)
        literals[text] = Int32(id)
        literalIDs.insert(Int32(id))
    }

    private mutating func setEntry(_ id: Int, from offset: Int) throws(Conflict) {
        guard (0..<Self.idLimit).contains(id), storage.count <= Int(UInt32.max) else { throw .idOutOfRange }
        if id >= entries.count {
            entries.append(contentsOf: repeatElement(.absent, count: id + 1 - entries.count))
        }
        guard entries[id].length < 0 else { throw .duplicateID }
        entries[id] = Entry(offset: UInt32(offset), length: Int32(storage.count - offset))
        count += 1
    }

    private mutating func place(_ id: Int32) {
        guard let hash = withBytes(of: Int(id), { Self.hash($0) }) else { return }
        place(slot: hash & ~0xFFFF_FFFF | UInt64(id + 1), hash: hash)
        used += 1
    }

    private mutating func place(slot: UInt64, hash: UInt64) {
        let mask = slots.count - 1
        var index = Int(truncatingIfNeeded: hash) & mask
        while slots[index] != 0 { index = (index + 1) & mask }
        slots[index] = slot
    }

    private mutating func growTable() {
        let old = slots
        slots = [UInt64](repeating: 0, count: old.count * 4)
        for slot in old where slot != 0 {
            if let hash = withBytes(of: Int(slot & 0xFFFF_FFFF) - 1, { Self.hash($0) }) {
                place(slot: slot, hash: hash)
            }
        }
    }

    private static func equal(_ a: UnsafeBufferPointer<UInt8>, _ b: UnsafeBufferPointer<UInt8>) -> Bool {
        a.count == b.count && a.elementsEqual(b)
    }

    private static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
        var hash = UInt64(bytes.count) &* 0x9E37_79B9_7F4A_7C15
        let raw = UnsafeRawBufferPointer(bytes)
        var index = 0
        while index + 8 <= raw.count {
            hash = mix(hash ^ raw.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            index += 8
        }
        var tail: UInt64 = 0
        while index < raw.count {
            tail = tail << 8 | UInt64(raw[index])
            index += 1
        }
        return mix(hash ^ tail)
    }

    private static func mix(_ value: UInt64) -> UInt64 {
        let product = value.multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
        return product.high ^ product.low
    }
}
