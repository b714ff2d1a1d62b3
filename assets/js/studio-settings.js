// The settings of a project: its colour is shown while one is choosing it. What
// is drawn without script is the one that is saved.

const look = document.querySelector("[data-look]");
const slider = document.getElementById("hue");

function paint() {
  // All the way round is the product's own, as the server has it.
  look.style.setProperty("--hue", Number(slider.value) % 360 || getComputedStyle(document.documentElement).getPropertyValue("--hue"));
}

if (look && slider) {
  slider.addEventListener("input", paint);
  paint();
}
