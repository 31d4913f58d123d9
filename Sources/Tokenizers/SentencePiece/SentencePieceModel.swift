/// A SentencePiece model as its file holds it (`sentencepiece_model.proto`): pieces, how they were trained and how texts
/// are normalized.
struct SentencePieceModel: Sendable {
    /// A token.
    struct Piece: Sendable {
        /// What a piece is for.
        enum Kind: Int, Sendable {
            case normal = 1
            case unknown, control, userDefined, unused, byte
        }

        var text = ""
        var score: Float = 0
        var kind = Kind.normal
    }

    /// How a text is encoded.
    enum Kind: Int, Sendable {
        case unigram = 1
        case bytePair, word, character
    }

    var pieces: [Piece] = []
    var kind = Kind.unigram
    var usesByteFallback = false
    var putsSpacesAfterWords = false
    /// The table of characters; empty for none.
    var characterTable: [UInt8] = []
    var addsPrefixSpace = true
    var collapsesSpaces = true
    var escapesSpaces = true

    /// Reads a file.
    init(parsing bytes: [UInt8], file: String) throws(TokenizerError) {
        do throws(SentencePieceError) {
            var reader = ProtobufReader(bytes, 0..<bytes.count)
            while let (field, contents) = try reader.next() {
                guard case .bytes(let range) = contents else { continue }
                switch field {
                case 1: pieces.append(try Self.piece(bytes, range, number: pieces.count))
                case 2: try readTrainer(bytes, range)
                case 3: try readNormalizer(bytes, range)
                default: break
                }
            }
            if pieces.isEmpty { throw SentencePieceError(reason: "has no pieces") }
        } catch {
            throw TokenizerError(
                .malformedFile, file: file, reason: "not a SentencePiece model: \(error.reason)")
        }
    }

    private static func piece(
        _ bytes: [UInt8], _ range: Range<Int>, number: Int
    ) throws(SentencePieceError) -> Piece {
        var piece = Piece()
        var reader = ProtobufReader(bytes, range)
        while let (field, contents) = try reader.next() {
            switch (field, contents) {
            case (1, .bytes(let text)):
                guard let text = String(validating: bytes[text], as: UTF8.self) else {
                    throw SentencePieceError(reason: "pieces[\(number)].piece: is not UTF-8")
                }
                piece.text = text
            case (2, .fixed32(let bits)): piece.score = Float(bitPattern: bits)
            case (3, .integer(let value)):
                guard let kind = Piece.Kind(rawValue: Int(truncatingIfNeeded: value)) else {
                    throw SentencePieceError(
                        reason: "pieces[\(number)].type: expected 1 to 6, found \(value)")
                }
                piece.kind = kind
            default: break
            }
        }
        guard piece.score.isFinite else {
            throw SentencePieceError(reason: "pieces[\(number)].score: expected a finite number")
        }
        return piece
    }

    private mutating func readTrainer(_ bytes: [UInt8], _ range: Range<Int>) throws(SentencePieceError) {
        var reader = ProtobufReader(bytes, range)
        while let (field, contents) = try reader.next() {
            guard case .integer(let value) = contents else { continue }
            switch field {
            case 3:
                guard let kind = Kind(rawValue: Int(truncatingIfNeeded: value)) else {
                    throw SentencePieceError(
                        reason: "trainer_spec.model_type: expected 1 to 4, found \(value)")
                }
                self.kind = kind
            case 24: putsSpacesAfterWords = value != 0
            case 35: usesByteFallback = value != 0
            default: break
            }
        }
    }

    private mutating func readNormalizer(_ bytes: [UInt8], _ range: Range<Int>) throws(SentencePieceError) {
        var reader = ProtobufReader(bytes, range)
        while let (field, contents) = try reader.next() {
            switch (field, contents) {
            case (2, .bytes(let table)): characterTable = Array(bytes[table])
            case (3, .integer(let value)): addsPrefixSpace = value != 0
            case (4, .integer(let value)): collapsesSpaces = value != 0
            case (5, .integer(let value)): escapesSpaces = value != 0
            default: break
            }
        }
    }
}
