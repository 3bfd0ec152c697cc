import CLeptonica
import CTesseract
