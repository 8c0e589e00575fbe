// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/run/operationsdoor.h"
#include "ui/shared/operationdraft.h"

#include <QWidget>

class QGridLayout;
class QLabel;

namespace slotscope {

class Theme;

/// Form with the choices of one operation. It uses no session: it is given views and plans, and returns a request. GUI
/// thread.
class ChoosePage : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ChoosePage)
public:
    explicit ChoosePage(const Theme &theme, QWidget *parent = nullptr);

    virtual void setView(const slotscope::ClusterViewPtr &view) { m_view = view; }
    /// Takes the latest plan for the current choice: some forms show what planning has found.
    virtual void setPlanned(const slotscope::PlannedOperation &) { }
    [[nodiscard]] virtual OperationRequest request() const = 0;
    /// The credentials for logging in to the nodes; nullopt: those of the connection.
    [[nodiscard]] virtual std::optional<Credentials> credentials() const { return {}; }
    /// A text for the user that says what is still to be chosen; empty: a plan can be made.
    [[nodiscard]] virtual QString missing() const { return {}; }
    /// Whether a plan may be made although a choice is still missing: the facts of the plan help to choose.
    [[nodiscard]] virtual bool canPlan() const { return missing().isEmpty(); }

    void focusFirst(); ///< focuses the first field

Q_SIGNALS:
    void changed(); ///< request() or missing() may have changed

protected:
    /// Adds a label on the left, a field on the right, and a muted line below the field.
    QLabel *addRow(const QString &label, QWidget *field, const QString &hint = {});
    void addWide(QWidget *widget); ///< spans both columns
    QLabel *addText(const QString &text, const char *tone = "muted"); ///< placed below the fields
    void addHeading(const QString &text);
    void addSpring(); ///< widgets added later stay at the bottom
    [[nodiscard]] const ClusterViewPtr &view() const { return m_view; }
    [[nodiscard]] const Theme &theme() const { return m_theme; }

private:
    const Theme &m_theme;
    ClusterViewPtr m_view;
    QGridLayout *m_grid;
};

/// Makes the form for the draft's operation, filled from the draft; null if there is no such form.
[[nodiscard]] ChoosePage *makeChoosePage(const Theme &theme, const OperationDraft &draft, const ClusterViewPtr &view,
                                         QWidget *parent);

} // namespace slotscope
