# Fit m_13_4 in Stan, row by row, a and g non-centred, and store its table:  Rscript making/stan_m_13_4.R
# data/stan_m_13_4.csv is what tests/test_independent.py compares the lesson's posterior with.
suppressPackageStartupMessages(library(rstan))
if (dir.exists("/usr/include/boost")) rstan_options(boost_lib = "/usr/include") # where Debian keeps it
d <- read.csv2("data/chimpanzees.csv")
data <- list(
  centre_a = 0, N = nrow(d), actor = d$actor, block_id = d$block, treatment = 1 + d$prosoc_left + 2 * d$condition,
  pulls = rep(1, nrow(d)), pulled_left = d$pulled_left
)
fit <- stan("making/m_13_4.stan",
  data = data, chains = 4, iter = 11000, warmup = 1000, cores = 1, refresh = 0, seed = 1,
  control = list(adapt_delta = 0.99)
)
divergences <- sum(sapply(get_sampler_params(fit, inc_warmup = FALSE), function(x) sum(x[, "divergent__"])))
stopifnot(divergences == 0)

draws <- rstan::extract(fit, c("a_bar", "sigma_a", "sigma_g", "b", "a", "g"), permuted = FALSE)
names <- dimnames(draws)[[3]]
treatments <- c("R/N", "L/N", "R/P", "L/P")
for (k in 1:4) names[names == paste0("b[", k, "]")] <- paste0("b[", treatments[k], "]")
digits <- function(x) sub("\\.$", "", formatC(x, digits = 3, format = "fg", flag = "#"))
table <- data.frame(
  parameter = names,
  mean = digits(apply(draws, 3, mean)),
  sd = digits(apply(draws, 3, sd)),
  ess_bulk = round(apply(draws, 3, ess_bulk))
)
write.csv(table, "data/stan_m_13_4.csv", row.names = FALSE, quote = FALSE)
