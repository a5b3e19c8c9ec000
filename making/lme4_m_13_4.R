# Fit m_13_4's data in lme4 and store its table:  Rscript making/lme4_m_13_4.R
# data/lme4_m_13_4.csv is the table that lesson 02 reads: fixed effects, conditional modes, sds.
suppressPackageStartupMessages(library(lme4))
d <- read.csv2("data/chimpanzees.csv")
treatments <- c("R/N", "L/N", "R/P", "L/P")
d$treatment <- factor(treatments[1 + d$prosoc_left + 2 * d$condition], levels = treatments)
fit <- glmer(pulled_left ~ treatment + (1 | actor) + (1 | block), d, family = binomial)

digits <- function(x) sprintf("%.4f", x)
fixed <- coef(summary(fit))
table <- data.frame(
  kind = "fixed", group = "", level = sub("treatment", "treatment ", rownames(fixed)),
  estimate = digits(fixed[, "Estimate"]), std_error = digits(fixed[, "Std. Error"])
)
for (group in c("actor", "block")) {
  modes <- ranef(fit)[[group]]
  table <- rbind(table, data.frame(
    kind = "deviation", group = group, level = rownames(modes), estimate = digits(modes[, 1]), std_error = ""
  ))
}
for (group in c("actor", "block")) {
  sd <- attr(VarCorr(fit)[[group]], "stddev")
  table <- rbind(table, data.frame(
    kind = "sd", group = group, level = names(sd), estimate = digits(sd), std_error = ""
  ))
}
write.csv(table, "data/lme4_m_13_4.csv", row.names = FALSE, quote = FALSE)
