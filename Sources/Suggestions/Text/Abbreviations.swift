/// Words after which a full stop ends no sentence, and words that begin one; in lower case.
enum Abbreviations {
    /// They stand before what they belong to.
    static let inside = words(
        """
        e.g i.e eg ie cf vs viz fig figs eq eqs sect ref refs ch chap vol pp nos nr dr prof mr mrs ms st approx ca resp thm lem eds subsp \
        spp ssp avg incl esp w.r.t wrt s.t ph.d m.d jr dept univ bzw z.b d.h vgl p.ex c.-à-d
        """)

    /// They may be a sentence's last word: then what follows must be a word that begins sentences.
    static let atTheEnd = words(
        """
        al etc u.s u.s.a u.k u.n e.u inc ltd corp co a.m p.m i.v i.p s.d s.e d.c no ed max min def prop sec tab var gen sp
        """)

    static let openers = words(
        """
        a an the this these that those we our it its they their there here he she in on at by for from to with when while where as if \
        although though because since after before during however moreover furthermore thus therefore hence finally then first second \
        results methods background conclusions conclusion objective objectives both all each one two most many some such using based \
        compared additionally also but and no not recently
        """)

    private static func words(_ list: String) -> Set<String> { Set(list.split(separator: " ").map(String.init)) }
}
