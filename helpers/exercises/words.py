"""The sentences of replies that several exercises share, in one place.

A hint asks where a number may come from and does not claim to know.
"""

REPLY = {
    "right": "Right. {because}",
    "not yet": "Not yet. {hint}",
    "unanswered": "not answered yet.",
    "several": "More than one step could lead to this. {hints}",
    "short": "To fewer decimals this is right. Give {decimals}.",
    "percentage": "Give a proportion, not a percentage.",
    "order": "The numbers are right, but their order is wrong.",
    "sign": "The size is right, but the sign is wrong.",
    "elements": "Look again at number {which} of the list.",
    "high": "Your number is too high.",
    "low": "Your number is too low.",
    "probability": (
        "A probability lies between 0 and 1. Is this a number on the log-odds scale, odds, a percentage or a count?"
    ),
    "difference": (
        "A difference of two probabilities lies between -1 and 1. "
        "Is this a number on the log-odds scale, a ratio, a percentage or a count?"
    ),
    # answers that cannot be read
    "expected": "Expected: {expected}.",
    "none": "This is None. Does the line before print the value instead of returning it?",
    "bool": "This is True or False.",
    "table": "This is a whole table. Pick the number that is asked for.",
    "function": "This is a function. Call it.",
    "unreadable": "This could not be read as a number.",
    "draws": "These are {size:,} draws. Summarise them as the last step.",
    "entries": "These are {size:,} numbers. Pick the entries that are asked for, then summarise their draws.",
    "size": "These are {size} numbers.",
    "comma": "These are {size} numbers. If a comma is meant as a decimal comma, write a point: 0.5, not 0,5.",
    "nan": "It contains a NaN (not a number). Is a name misspelt, or is this the mean of an empty array?",
    "inf": "It contains an infinite number.",
    # checks that cannot be made
    "unknown": "There is no exercise with this number. There are: {known}.",
    "meant": 'Write the number of the exercise as text: check("{meant}", answer).',
    "failed": "This could not be checked ({error}).",
}
COUNTED = {1: "one decimal", 2: "two decimals", 3: "three decimals", 4: "four decimals"}

# hints: which step may have led to a number
ADDED = "Was a_bar added? It shaped the coefficients through their prior, and that is already done."
MEDIAN_ACTOR = "Is this the median chimpanzee, with a_bar in place of an a?"
SUM = "Is this still the sum, on the log-odds scale?"
PROBABILITY = "Is this on the probability scale? The log-odds are asked for."
ODDS = "Are these odds, exp of the sum? A different scale is asked for."
RIGHT_LEVER = "Is this the probability of pulling right? Check the sign inside the exponential."
PLUG_IN = "Was the mean taken before the curve? Apply expit in every draw and take the mean last."
MEDIAN = "Is this the median? The mean is asked for."
MISSING = "Is one of the terms missing from the sum?"
OTHER = "Is this a different actor, block or treatment? Pick by name; the code of actor k is k - 1."
ROW = "Is this a different row?"
BLOCK = "Was a block added? The exercise has g = 0."
SWAPPED = (
    "The size is right, but the sign is wrong. Was it subtracted the wrong way round, "
    "or is the minus sign inside the exponential missing?"
)
SAME_PLACE = "Was the mean taken at the same place in both? Then there is no gap."
ONE_OF_TWO = "Is this one of the two numbers? Their difference is asked for."
ROUNDED = "Was the plug-in computed from rounded means? Rounding moves it by as much as a gap."
MEDIAN_GAP = "Is there a median in it? The gap is a difference between a mean and the curve of a mean."
SECOND_ORDER = "Is this the second-order formula? Here it is not exact enough."
LOG_ODDS_GAP = "Is this a difference on the log-odds scale? Apply expit to both, then subtract."
HDI = "Is this the HDI, the shortest interval? The equal-tailed one is asked for."
MASS = "Does this interval have a different mass? 89% leaves 5.5% below it and 5.5% above it."
NORMAL = "Was this interval built from the mean and the sd? Take quantiles of the draws."
ENDS = "Were the ends of two intervals combined? Combine the draws first and take the quantiles last."
INDEPENDENT = "Were the sds combined as if the parts were independent? Combine the draws first."
PART = "Is this the interval of one part alone?"
VARIANCE = "Is this the variance? The standard deviation is its square root."
STANDARD_ERROR = (
    "Was this divided by the square root of the number of draws? The spread of the draws is asked for."
)
