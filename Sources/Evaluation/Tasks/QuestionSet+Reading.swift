import JSON

extension QuestionSet {
    /// Reads a file in SQuAD 2's form; questions without an answer are left out.
    ///
    /// - Throws: ``EvaluationError/unreadable(path:reason:)`` for another form.
    public static func squad(file path: String) throws -> QuestionSet {
        var builder = Builder()
        try read(path, members: "data") { article in
            guard let paragraphs = article["paragraphs"]?.array else { return false }
            let places = paragraphs.map { builder.place(of: $0["context"]?.string ?? "") }
            for (paragraph, place) in zip(paragraphs, places) {
                let related = Set(places).subtracting([place]).sorted()
                for item in paragraph["qas"]?.array ?? [] where item["is_impossible"]?.bool != true {
                    builder.add(
                        item["question"]?.string,
                        item["answers"]?.array?.compactMap { $0["text"]?.string } ?? [],
                        documents: [place], related: related)
                }
            }
            return true
        }
        return try builder.finish(path: path, form: "SQuAD")
    }

    /// Reads a file in HotpotQA's distractor form: an array of questions, each with ten documents.
    ///
    /// - Throws: ``EvaluationError/unreadable(path:reason:)`` for another form.
    public static func hotpot(file path: String) throws -> QuestionSet {
        var builder = Builder()
        try read(path, members: nil) { item in
            guard let context = item["context"]?.array else { return false }
            let places = context.compactMap { document -> Int? in
                guard let parts = document.array, parts.count == 2, let title = parts[0].string,
                    let sentences = parts[1].array
                else { return nil }
                return builder.place(of: title + "\n" + sentences.compactMap(\.string).joined())
            }
            builder.add(
                item["question"]?.string, [item["answer"]?.string].compactMap { $0 }, documents: places,
                related: [])
            return true
        }
        return try builder.finish(path: path, form: "HotpotQA")
    }

    /// Hands out the elements of the file's array one by one, or of the array that is its member `members`.
    private static func read(_ path: String, members: String?, item: (JSONValue) -> Bool) throws {
        let bytes = try InputFile.bytes(of: path)
        do {
            var isRight = true
            try bytes.withUnsafeBufferPointer { buffer in
                var reader = JSONReader(buffer)
                func readItems(_ reader: inout JSONReader) throws {
                    try reader.readArray { (_, reader) throws in
                        isRight = item(try JSONValue(reading: &reader)) && isRight
                    }
                }
                if let members {
                    try reader.readObject { (key, reader) throws in
                        if key == members { try readItems(&reader) } else { try reader.skipValue() }
                    }
                } else {
                    try readItems(&reader)
                }
                try reader.finish()
            }
            guard isRight else {
                throw EvaluationError.unreadable(
                    path: path, reason: "an entry lacks its paragraphs; give the file as it is published")
            }
        } catch let error as JSONError {
            throw EvaluationError.unreadable(path: path, reason: "\(error)")
        }
    }

    /// Collects documents once each.
    private struct Builder {
        private var documents: [String] = []
        private var numbers: [String: Int] = [:]
        private var questions: [Question] = []

        mutating func place(of document: String) -> Int {
            if let number = numbers[document] { return number }
            numbers[document] = documents.count
            documents.append(document)
            return documents.count - 1
        }

        mutating func add(_ text: String?, _ answers: [String], documents: [Int], related: [Int]) {
            guard let text, !answers.isEmpty, !documents.isEmpty else { return }
            questions.append(
                Question(text: text, answers: answers, documents: documents, related: related))
        }

        func finish(path: String, form: String) throws(EvaluationError) -> QuestionSet {
            guard !questions.isEmpty else {
                throw .unreadable(
                    path: path, reason: "no question with an answer is in it; give a file in \(form)'s form")
            }
            return QuestionSet(documents: documents, questions: questions)
        }
    }
}
