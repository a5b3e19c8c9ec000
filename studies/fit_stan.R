# Stan's part of `make bench`: the lesson's model (a centred, g not) in Stan, by rows and by cells.
# Called by bench.py:  Rscript fit_stan.R <folder for the draws> <seed> ...
# making/m_13_4.stan is a second copy of the model, because Stan has a language of its own; bench.py
# compares its posterior with the lesson's.
suppressPackageStartupMessages(library(rstan))
if (dir.exists("/usr/include/boost")) rstan_options(boost_lib = "/usr/include") # where Debian keeps it
arguments <- commandArgs(trailingOnly = TRUE)
d <- read.csv2("data/chimpanzees.csv")
d$treatment <- 1 + d$prosoc_left + 2 * d$condition
d$pulls <- 1
rows <- d[c("actor", "block", "treatment", "pulled_left", "pulls")]
designs <- list(
  rows = rows,
  cells = aggregate(cbind(pulled_left, pulls) ~ actor + block + treatment, rows, sum)
)
start <- proc.time()[["elapsed"]]
compiled <- stan_model("making/m_13_4.stan", auto_write = FALSE)
cat("compile", proc.time()[["elapsed"]] - start, "\n")
for (design in names(designs)) {
  d <- designs[[design]]
  data <- c(list(centre_a = 1, N = nrow(d), block_id = d$block), d[c("actor", "treatment", "pulls", "pulled_left")])
  for (seed in arguments[-1]) {
    fit <- sampling(compiled, data, chains = 4, iter = 2000, warmup = 1000, cores = 1, refresh = 0,
                    seed = as.integer(seed), control = list(adapt_delta = 0.99))
    seconds <- sum(get_elapsed_time(fit))
    steps <- sum(sapply(get_sampler_params(fit, inc_warmup = TRUE), function(x) sum(x[, "n_leapfrog__"])))
    divergences <- sum(sapply(get_sampler_params(fit, inc_warmup = FALSE), function(x) sum(x[, "divergent__"])))
    draws <- rstan::extract(fit, c("a_bar", "sigma_a", "sigma_g", "b", "a", "g"), permuted = FALSE)
    write.csv(matrix(draws, ncol = dim(draws)[3], dimnames = list(NULL, dimnames(draws)[[3]])),
              file.path(arguments[1], paste0(design, "_", seed, ".csv")), row.names = FALSE)
    cat("run", design, seed, seconds, steps, divergences, "\n")
  }
}
