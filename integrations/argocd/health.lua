-- Health of every kind of dialops, by its kstatus conditions. argocd-cm.yaml beside this file holds it for each kind.
local hs = { status = "Progressing", message = "The operator has not looked at it yet" }
if obj.status == nil or obj.status.conditions == nil then
  return hs
end
local is = {}
for _, condition in ipairs(obj.status.conditions) do
  if condition.status == "True" then
    is[condition.type] = condition
  elseif condition.type == "Ready" then
    hs.message = condition.reason .. ": " .. (condition.message or "")
  end
end
local function say(status, condition)
  hs.status = status
  hs.message = condition.reason .. ": " .. (condition.message or "")
  return hs
end
if is.Paused ~= nil then
  return say("Suspended", is.Paused)
end
local observed = obj.status.observedGeneration
if observed ~= nil and obj.metadata.generation ~= nil and observed < obj.metadata.generation then
  hs.message = "The operator has not seen the last edit yet"
  return hs
end
if is.Stalled ~= nil then
  return say("Degraded", is.Stalled)
end
-- What somebody changed behind the YAML is no fault of the application: it is told, and the resource stays healthy.
if is.Ready ~= nil and obj.metadata.deletionTimestamp == nil then
  return say("Healthy", is.Drifted or is.Ready)
end
return hs
