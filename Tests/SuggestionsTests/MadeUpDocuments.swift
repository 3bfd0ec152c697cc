import Annotations

@testable import Suggestions

/// A text with its spans: each part is text, and the label of the span it is, if any.
func document(_ parts: [(text: String, label: Label?)]) -> TrainingDocument {
    var text = ""
    var spans: [ScalarSpan] = []
    for part in parts {
        let start = text.unicodeScalars.count
        text += part.text
        guard let label = part.label else { continue }
        let span = ScalarSpan(start: ScalarOffset(start), end: ScalarOffset(text.unicodeScalars.count), label: label)
        if let span { spans.append(span) }
    }
    return TrainingDocument(text: DocumentText(text), spans: spans)
}

/// Made-up abstracts, a role for each sentence.
func abstracts(_ count: Int) -> [TrainingDocument] {
    let things = ["lamps", "rivers", "bridges", "queues", "engines", "letters", "maps", "pumps"]
    return (0..<count).map { number in
        let thing = things[number % things.count]
        var parts: [(text: String, label: Label?)] = [
            ("Many people use \(thing) number \(number) every day.", "background"), (" ", nil),
        ]
        if number % 3 == 0 { parts += [("However, \(thing) are not understood.", "background"), (" ", nil)] }
        parts += [
            ("We propose a method for \(thing).", "method"), (" ", nil), ("Results show that \(thing) gain \(number)%.", "result"),
        ]
        return document(parts)
    }
}

/// Made-up notes with drugs and doses in them.
func notes(_ count: Int) -> [TrainingDocument] {
    let drugs = ["Bonamine", "Corastine", "Delufan", "Estrapine", "Fluvorine", "Garamine"]
    return (0..<count).map { number in
        document([
            ("Patient \(number) took ", nil), ("\(number % 90 + 5) mg", "DOSE"), (" of ", nil),
            (drugs[number % drugs.count], "DRUG"),
            (" in the evening. The ward was quiet, and ", nil), (drugs[(number * 5 + 1) % drugs.count], "DRUG"),
            (" was stopped.", nil),
        ])
    }
}
