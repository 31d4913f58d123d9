import MInference

/// A sample with a document of some length, before it is known whether the length is right.
struct Draft {
    /// What stands around the document in the user message.
    struct Frame {
        /// A worked example before everything else.
        var example = ""
        /// What to do, before the document.
        let heading: String
        /// What parts heading and document.
        var gap = "\n"
        let question: String
        /// Whether the document keeps the space that is before its first piece, and a line feed after a full stop a space
        /// in front.
        var keepsSpaces = true
    }

    let frame: Frame
    /// The document's sentences or words, each with the space or line feed before it.
    var document: [String]
    /// Which of `document` hold the answer, ascending.
    var needles: [Int] = []
    let answerPrefix: String
    let references: [String]

    init(frame: Frame, document: [String], answerPrefix: String, references: [String]) {
        self.frame = frame
        self.document = document
        self.answerPrefix = answerPrefix
        self.references = references
    }

    /// The question for `needle`, which is the sentences `needles` of `document`.
    init(asking needle: Needle, about document: [String], needles: [Int] = []) {
        self.init(
            frame: Frame(
                heading: "Read the following text. I will ask you about it afterwards.",
                question: needle.question),
            document: document, answerPrefix: needle.answerPrefix, references: [needle.answer])
        self.needles = needles
    }

    /// The question for `needle`, which is put into `document` where `depth` percent of it come before.
    init(hiding needle: Needle, at depth: Double, in document: [String]) {
        let sentence = " " + needle.sentence
        self.init(asking: needle, about: document.filter { $0 != sentence })
        insert(sentence, depth: depth)
    }

    /// The user message.
    var content: String {
        let opening = frame.example + frame.heading + frame.gap
        guard frame.keepsSpaces else {
            return opening + document.joined().dropFirst() + "\n" + frame.question
        }
        // A full stop and a line feed in a row are one token of most byte-level vocabularies. The space keeps the full
        // stop that ends the document like every other one.
        let endsSentence = document.last?.utf8.last == UInt8(ascii: ".")
        return opening + document.joined() + (endsSentence ? " \n" : "\n") + frame.question
    }

    /// Where each needle begins, in percent of the document's characters that are not the needle's own.
    var depths: [Double] {
        var before = 0
        var starts: [Int] = []
        for (place, piece) in document.enumerated() {
            if needles.contains(place) { starts.append(before) }
            before += piece.utf8.count
        }
        return zip(needles, starts).map { place, start in
            let others = before - document[place].utf8.count
            return others == 0 ? 0 : 100 * Double(start) / Double(others)
        }
    }

    /// Puts `needle` into the document where `depth` percent of the pieces come before it.
    mutating func insert(_ needle: String, depth: Double) {
        let place = Int((Double(document.count) * depth / 100).rounded())
        document.insert(needle, at: place)
        needles = needles.map { $0 < place ? $0 : $0 + 1 } + [place]
        needles.sort()
    }

    /// Puts `pieces` into the document in their order, at random places.
    mutating func scatter(_ pieces: [String], with random: inout SplitMix64) {
        insert(pieces, at: pieces.map { _ in random.integer(below: document.count + 1) }.sorted())
    }

    /// Puts `pieces` into the document in their order, at different ones of ``DepthGrid``'s depths.
    mutating func scatterOnGrid(_ pieces: [String], with random: inout SplitMix64) {
        let depths = random.sample(pieces.count, of: DepthGrid.depths).sorted()
        insert(pieces, at: depths.map { Int((Double(document.count) * $0 / 100).rounded()) })
    }

    /// Puts `pieces` before the document's pieces of these numbers, which ascend.
    private mutating func insert(_ pieces: [String], at places: [Int]) {
        var result: [String] = []
        result.reserveCapacity(document.count + pieces.count)
        var next = 0
        for place in 0...document.count {
            while next < places.count, places[next] == place {
                needles.append(result.count)
                result.append(pieces[next])
                next += 1
            }
            if place < document.count { result.append(document[place]) }
        }
        document = result
    }
}
