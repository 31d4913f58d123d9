import ArgumentParser
import Compute
import Evaluation
import JSON
import MInference

/// `minference eval needle`: one needle at each depth of documents of each length.
struct EvalNeedleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "needle", abstract: "Look for one needle at every depth of documents of every length.",
        discussion: """
            Documents are procedural prose (synthetic) with one sentence that gives a key a number; the answer is \
            right when it holds the number. Answers are greedy.
            """)

    @OptionGroup(title: "Model") var model: ModelOptions
    @OptionGroup(title: "Attention") var attention: AttentionOptions

    @Option(help: "Prompt lengths, comma-separated; K stands for 1024.")
    var lengths = IntegerList([4096, 16384, 32768])

    @Option(help: "Depths in percent, comma-separated.")
    var depths = NumberList([0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100])

    @Option(help: "Which documents and needles.")
    var seed: UInt64 = 1

    @Flag(help: "Hide the classic sentence about San Francisco instead of a number, and score its words.")
    var sentence = false

    @Flag(help: "Print one JSON object.")
    var json = false

    func validate() throws {
        guard depths.values.allSatisfy({ (0...100).contains($0) }) else {
            throw ValidationError("--depths must be between 0 and 100")
        }
    }

    /// One document.
    private struct Cell {
        var length: Int
        var depth: Double
        var score: Double
        var answer: String
        var info: GenerateCompletionInfo
    }

    func run() async throws {
        let model = try await model.load()
        let prefill = try attention.parameters(for: model)
        var cells: [Cell] = []
        for length in lengths.values {
            for depth in depths.values {
                let cell = try await self.cell(length: length, depth: depth, model: model, prefill: prefill)
                cells.append(cell)
                Terminal.note(
                    "\(length) tokens, depth \(Format.fixed(depth, 0))%: "
                        + "\(Format.percent(cell.score, digits: 0)), \(Format.seconds(cell.info.timeToFirstToken)),"
                        + cell.answer)
            }
        }
        try Terminal.print(json ? result(cells, model: model).text(pretty: true) : table(cells))
    }

    private func cell(
        length: Int, depth: Double, model: ModelContainer, prefill: PrefillParameters
    ) async throws -> Cell {
        let count: TokenCounter = { model.tokenizer.encode(text: $0, addSpecialTokens: false).count }
        let (content, prefix, score, room): (String, String, (String) -> Double, Int)
        if sentence {
            let document = try NeedleDocument(
                length: length, depth: depth, needle: .sanFrancisco, seed: seed, countTokens: count)
            (content, prefix, room) = (document.content, document.needle.answerPrefix, 64)
            score = { document.needle.score($0) }
        } else {
            let sample = try EvaluationTask.named("niah_single_2").sample(
                length: length, seed: seed &+ UInt64(depth), depth: depth, countTokens: count)
            (content, prefix, room) = (sample.content, sample.answerPrefix, sample.tokensToGenerate)
            score = { sample.score($0) }
        }
        let text = try model.render([.user(content)]) + prefix
        let tokens = model.tokenizer.encode(text: text, addSpecialTokens: false)
        let info = try await AnswerPrinter(streams: false, showsProgress: true).run(prefill: prefill) {
            model.generate(
                .tokens(tokens), parameters: GenerateParameters(maxTokens: room, temperature: 0, prefill: $0),
                cancellation: $1)
        }
        guard info.stopReason != .cancelled else { throw ExitCode.failure }
        return Cell(length: length, depth: depth, score: score(info.text), answer: info.text, info: info)
    }

    private func table(_ cells: [Cell]) -> String {
        var table = Table(
            ["tokens"] + depths.values.map { "\(Format.fixed($0, 0))%" } + [
                "mean", "density", "recall", "first token",
            ])
        for length in lengths.values {
            let row = cells.filter { $0.length == length }
            table.append(
                ["\(length)"] + row.map { Format.fixed($0.score * 100, 0) } + [
                    Format.fixed(mean(row.map(\.score)) * 100, 1),
                    Format.percent(mean(row.compactMap(\.info.attention?.density))),
                    Format.percent(mean(row.compactMap(\.info.attention?.recall?.mean))),
                    Format.seconds(mean(row.map(\.info.timeToFirstToken))),
                ])
        }
        return table.text
    }

    private func mean(_ values: [Double]) -> Double {
        values.isEmpty ? .nan : values.reduce(0, +) / Double(values.count)
    }

    private func result(_ cells: [Cell], model: ModelContainer) -> JSONValue {
        let rows = cells.map { cell -> JSONValue in
            [
                "length": .int(cell.length), "depth": .double(cell.depth), "score": .double(cell.score),
                "run": cell.info.json,
            ]
        }
        return [
            "evaluation": "needle", "data": "synthetic prose", "model": .string(model.directory),
            "machine": .string(model.deviceSummary), "seed": .int(Int(truncatingIfNeeded: seed)),
            "attention": .string(attention.attention), "cells": .array(rows),
        ]
    }
}
