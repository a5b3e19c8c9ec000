"""Read a printed table.

What is known of programs is in patterns.json, and what is said is in sentences.json. The site's page reads both
with the same few steps, so nothing here is cleverer than a list of regular expressions, tried in order.
What no pattern explains is "cannot tell".
"""

from helpers.printed.roles import Print
from helpers.printed.text import clean, find_program

COLUMNS = ["row", "block", "role", "scale", "sentence"]


def read_printed(text):
    """Say of each row of a printed table what it is, on which scale, and what to add to it.

    Read are prints of lme4, glmmTMB, ordinal, brms, rstanarm, statsmodels, Bambi and of ArviZ's summary,
    one model at a time: the text as it was printed. Paste the command above a print as well, such as
    ``> ranef(fit)``, because the tables of ranef() and coef() look alike. No number is changed.

    Parameters
    ----------
    text : str
        What one program printed of one model, with prompts and commands or without.

    Returns
    -------
    pandas.DataFrame
        One row per printed row, in order, with the columns row (as printed), block (the table's
        heading), role, scale (the link, if the text states it) and sentence. ``attrs["health"]`` says
        what the print shows of the fit's health, ``attrs["notes"]`` what the program's intercept means
        and what is often misread, ``attrs["questions"]`` what only you can answer.

    Raises
    ------
    ValueError
        The text is a table of a different kind, or too little of it is left to be read.

    Examples
    --------
    >>> table = read_printed('''
    ... Linear mixed model fit by REML ['lmerMod']
    ... Formula: Reaction ~ Days + (1 | Subject)
    ... Random effects:
    ...  Groups   Name        Variance Std.Dev.
    ...  Subject  (Intercept) 1378.2   37.12
    ...  Residual              960.5   30.99
    ... Fixed effects:
    ...             Estimate Std. Error t value
    ... (Intercept) 251.4051     9.7467   25.79
    ... Days         10.4673     0.8042   13.02
    ... ''')
    >>> print(table[["row", "role"]].to_string(index=False))
            row          role
    (Intercept) population sd
       Residual         noise
    (Intercept)     intercept
           Days common effect
    >>> print(table["sentence"].iloc[3])
    Days is a common effect on the scale of Reaction, for each unit of Days. Multiply it by Days, then add it.
    """
    lines, calls = clean(text)
    program = find_program(lines)
    printed = Print(program, lines, calls)
    if not printed.rows:
        raise ValueError(
            f"The text looks like a print of {program['name']}, but no row of its tables is left in it. "
            "Paste the whole print."
        )
    from helpers.printed.table import shown

    return shown(
        [[row[column] for column in COLUMNS] for row in printed.rows],
        COLUMNS,
        {"health": printed.health(), "notes": printed.notes(), "questions": printed.questions()},
    )
