/** The page that asks for the password. */
const form = document.querySelector("form")!;
const field = document.querySelector<HTMLInputElement>("#password")!;
const says = document.querySelector<HTMLElement>("[role=alert]")!;

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  says.textContent = "";
  const answer = await fetch("/login", {
    method: "POST",
    headers: { "content-type": "application/json", "x-studio": "1" },
    body: JSON.stringify({ password: field.value }),
  });
  if (answer.ok) {
    location.reload();
  } else {
    says.textContent = "This is not the password.";
    field.select();
  }
});
